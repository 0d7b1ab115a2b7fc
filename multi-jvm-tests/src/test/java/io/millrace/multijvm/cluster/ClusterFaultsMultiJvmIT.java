package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.history.StreamHistory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The faults that every build checks, one after the other on one cluster of three nodes. */
@Timeout(180)
class ClusterFaultsMultiJvmIT extends SharedClusterTest {
  private static final Duration DRAIN = Duration.ofSeconds(60);
  private static final int INGEST = 2;

  @Test
  void shouldShowEveryFrameWhenTheOwnerIsKilled() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "owner-killed", INGEST)) {
      int owner = run.owner();
      assertThat(owner).as("owner apart from the ingest").isNotEqualTo(INGEST);
      run.awaitRandomMoment();
      run.kill(owner);
      assertThat(run.awaitOtherOwner(owner)).isNotEqualTo(owner);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 2);
    }
  }

  @Test
  void shouldContinueOnAnotherNodeWhenTheIngestIsKilled() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "ingest-killed", INGEST)) {
      int owner = run.owner();
      run.publishTo(owner == 1 ? 3 : 1);
      run.awaitRandomMoment();
      run.recorder.reconnecting(true);
      run.kill(INGEST);
      run.publisher.awaitSession(2, ClusterRun.SOON);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(2);
      run.verify(history, 1, 1, ClusterRun.UNRELAYED);
    }
  }

  @Test
  void shouldListSegmentsFromMemoryWhenRedisIsAway() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "redis-away", INGEST)) {
      run.awaitRandomMoment();
      cluster.redis().kill();
      run.awaitMoreSegments(4);
      cluster.redis().restart();
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 1);
    }
  }

  @Test
  void shouldHandOverAtASegmentBoundaryWhenTheOwnerIsDrained() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "owner-drained", INGEST)) {
      int owner = run.owner();
      run.awaitRandomMoment();
      run.terminate(owner, DRAIN);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 2);
    }
  }
}
