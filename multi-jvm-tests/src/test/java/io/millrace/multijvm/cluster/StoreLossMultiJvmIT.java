package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.history.StreamHistory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redis that loses its data, or hangs. */
@Tag("cluster-faults")
@Tag("long-faults")
@Timeout(240)
class StoreLossMultiJvmIT extends SharedClusterTest {
  @Test
  void shouldRecoverFromWhatTheOwnerRewroteWhenRedisCameBackEmpty() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "redis-emptied", 2)) {
      int owner = run.owner();
      cluster.redis().restartEmpty();
      run.awaitMoreSegments(3);
      run.kill(owner);
      run.awaitOtherOwner(owner);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 2);
    }
  }

  @Test
  void shouldShowEveryFrameWhenRedisHangs() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "redis-hangs", 2)) {
      run.awaitRandomMoment();
      cluster.redis().pause();
      run.awaitMoreSegments(3);
      cluster.redis().resume();
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 1);
    }
  }
}
