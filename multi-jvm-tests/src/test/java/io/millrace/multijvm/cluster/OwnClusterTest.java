package io.millrace.multijvm.cluster;

import org.junit.jupiter.api.AfterAll;

/** Tests of a class that starts a cluster of its own kind in {@code @BeforeAll}. */
abstract class OwnClusterTest extends ClusterTest {
  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
  }
}
