package io.millrace.multijvm.cluster;

import io.millrace.testkit.cluster.ClusterFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/**
 * Tests that share one cluster, which each of them may damage: it is made whole after each and
 * stopped after the last. A class starts its own in {@code @BeforeAll}; classes run in sequence.
 */
abstract class ClusterTest {
  static ClusterFixture cluster;

  @AfterEach
  void restore() throws Exception {
    cluster.restore();
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
  }
}
