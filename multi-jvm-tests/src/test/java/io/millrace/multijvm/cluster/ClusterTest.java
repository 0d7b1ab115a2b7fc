package io.millrace.multijvm.cluster;

import io.millrace.testkit.cluster.ClusterFixture;
import org.junit.jupiter.api.BeforeEach;

/**
 * Tests that share a cluster, which each of them may damage: it is made whole before the next.
 * Classes run in sequence.
 */
abstract class ClusterTest {
  static ClusterFixture cluster;

  @BeforeEach
  void restore() throws Exception {
    cluster.restore();
  }
}
