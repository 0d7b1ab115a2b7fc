package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.history.StreamHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that die, alone and together. */
@Tag("cluster-faults")
@Tag("long-faults")
@Timeout(300)
class NodeLossMultiJvmIT extends SharedClusterTest {
  /** The segment in flight and the one that was not durable yet. */
  private static final double NOT_DURABLE = 5;

  @Test
  void shouldContinueWhenTheNodeThatIsIngestAndOwnerIsKilled() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "both-killed", 2)) {
      int both = run.owner();
      run.hopTo(both);
      run.awaitMoreSegments(2);
      assertThat(run.owner()).isEqualTo(both);
      run.recorder.reconnecting(true);
      run.publishTo(cluster.livingWithout(both).get(0));
      run.kill(both);
      run.publisher.awaitSession(3, ClusterRun.SOON);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      run.verify(history, 2, 2, 0, NOT_DURABLE);
    }
  }

  @Test
  void shouldShowEveryFrameWhenTheCoordinatorIsKilled() throws Exception {
    try (ClusterRun run = ownedApartFromCoordinator(cluster)) {
      run.awaitRandomMoment();
      run.kill(cluster.coordinator());
      run.awaitMoreSegments(4);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 1);
    }
  }

  @Test
  void shouldShowEveryFrameWhenOwnerAndCoordinatorOfFiveNodesAreKilled() throws Exception {
    try (ClusterFixture five = ClusterFixture.start(Clusters.quick(getClass(), 5));
        ClusterRun run = ownedApartFromCoordinator(five)) {
      int owner = run.owner();
      int coordinator = five.coordinator();
      run.awaitRandomMoment();
      run.kill(owner);
      run.kill(coordinator);
      assertThat(run.awaitOtherOwner(owner)).isNotEqualTo(coordinator);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 2);
    }
  }

  @Test
  void shouldStopAndListNothingNewWhenTwoOfThreeNodesAreKilled() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "two-killed", 2)) {
      int survivor = run.owner();
      run.hopTo(survivor);
      run.awaitMoreSegments(1);
      cluster.livingWithout(survivor).forEach(run::kill);
      Instant fault = Instant.now();
      run.away(survivor);
      Await.until(
          "the survivor ends by itself",
          Duration.ofSeconds(40),
          () -> !cluster.node(survivor).isAlive());
      run.publisher.close();
      StreamHistory history = run.recorder.stop();

      // Until the failure detector has noticed that it is alone, it may list what it has.
      Instant alone = fault.plusSeconds(6);
      assertThat(history.growths())
          .as("segments listed after %s", alone)
          .noneMatch(listed -> listed.at().isAfter(alone));
    }
  }

  /** The placement of a first stream is not up to the test; one of some names will do. */
  private static ClusterRun ownedApartFromCoordinator(ClusterFixture nodes) throws Exception {
    int coordinator = nodes.coordinator();
    int ingest = nodes.livingWithout(coordinator).get(0);
    for (String name : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      ClusterRun run = ClusterRun.start(nodes, "apart-" + name, ingest);
      if (run.owner() != coordinator) {
        return run;
      }
      run.close();
    }
    throw new AssertionError("every stream is owned by the coordinator, node " + coordinator);
  }
}
