package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.NetworkNamespaces;
import io.millrace.testkit.history.StreamHistory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One node is cut off from the two others, without any connection being reset; Redis and the
 * viewers reach all three. Needs network namespaces.
 */
@Tag("cluster-faults")
@Tag("long-faults")
@Timeout(240)
class PartitionMultiJvmIT {
  @BeforeAll
  static void requireNamespaces() {
    Assumptions.assumeTrue(NetworkNamespaces.isPermitted(), "no permission for namespaces");
  }

  @Test
  void shouldShowEveryFrameWhenTheOwnerIsCutOff() throws Exception {
    try (ClusterFixture cluster = ClusterFixture.startInNamespaces(Clusters.quick(getClass(), 3));
        ClusterRun run = ClusterRun.start(cluster, "owner-cut-off", 2)) {
      int owner = run.owner();
      List<Integer> majority = cluster.livingWithout(owner);
      run.awaitRandomMoment();
      run.away(owner);
      run.fault();
      cluster.cut(List.of(owner), majority);
      Await.until(
          "the node that was cut off ends by itself",
          Duration.ofSeconds(60),
          () -> !cluster.node(owner).isAlive());
      run.awaitOtherOwner(owner);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 2);
    }
  }

  @Test
  void shouldContinueOnAnotherNodeWhenTheIngestIsCutOff() throws Exception {
    try (ClusterFixture cluster = ClusterFixture.startInNamespaces(Clusters.quick(getClass(), 3));
        ClusterRun run = ClusterRun.start(cluster, "ingest-cut-off", 2)) {
      List<Integer> majority = cluster.livingWithout(2);
      run.publishTo(majority.get(0));
      run.recorder.reconnecting(true);
      run.away(2);
      run.ingestIsLost();
      run.fault();
      cluster.cut(List.of(2), majority);
      run.publisher.awaitSession(2, Duration.ofSeconds(60));
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      // What the cut off node took in the meantime went with it.
      run.verify(history, 1, 1, 60);
    }
  }
}
