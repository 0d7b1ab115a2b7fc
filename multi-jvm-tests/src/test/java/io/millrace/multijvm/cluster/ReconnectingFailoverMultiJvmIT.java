package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.history.StreamHistory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The owner dies while the publisher is away, or just after it has ended. */
@Tag("cluster-faults")
@Tag("long-faults")
@Timeout(180)
class ReconnectingFailoverMultiJvmIT extends OwnClusterTest {
  @BeforeAll
  static void startCluster() throws Exception {
    cluster =
        ClusterFixture.start(
            Clusters.quick(ReconnectingFailoverMultiJvmIT.class, 3)
                .withSetting("millrace.stream.reconnect-grace", "15s"));
  }

  @Test
  void shouldContinueWhenThePublisherReturnsToTheNextOwner() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "away-returns", 2)) {
      int owner = run.owner();
      run.loseTheWayIn();
      run.kill(owner);
      run.awaitOtherOwner(owner);
      run.publishTo(cluster.living().get(0));
      run.publisher.awaitSession(2, ClusterRun.SOON);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      run.verify(history, 1, 2);
    }
  }

  @Test
  void shouldShowTheLastFramesWhenTheOwnerIsKilledJustAfterThePublishersEnd() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "owner-killed-at-end", 2)) {
      int owner = run.owner();
      run.awaitRandomMoment();
      run.recorder.reconnecting(true);
      run.publisher.stop();
      run.kill(owner);
      StreamHistory history = run.awaitEnded();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 0);
    }
  }

  @Test
  void shouldEndAtTheStoredDeadlineWhenThePublisherStaysAway() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "away-stays", 2)) {
      int owner = run.owner();
      run.loseTheWayIn();
      run.kill(owner);
      run.publisher.close();
      StreamHistory history = run.awaitEnded();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 1);
    }
  }
}
