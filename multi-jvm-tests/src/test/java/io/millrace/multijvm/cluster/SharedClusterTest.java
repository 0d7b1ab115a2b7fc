package io.millrace.multijvm.cluster;

import io.millrace.testkit.cluster.ClusterFixture;
import org.junit.jupiter.api.BeforeAll;

/**
 * Tests of classes that want three plain nodes: one cluster is started for all of them, with the
 * first, and lives until this JVM ends.
 */
abstract class SharedClusterTest extends ClusterTest {
  private static ClusterFixture shared;

  @BeforeAll
  static void shareCluster() throws Exception {
    if (shared == null) {
      shared = ClusterFixture.start(Clusters.quick(SharedClusterTest.class, 3));
    }
    cluster = shared;
  }
}
