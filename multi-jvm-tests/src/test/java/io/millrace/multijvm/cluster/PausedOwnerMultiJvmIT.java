package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Await;
import io.millrace.testkit.history.StreamHistory;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.redis.RedisProbe;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The owner hangs with all its connections open, and wakes again. */
@Tag("cluster-faults")
@Tag("long-faults")
@Timeout(240)
class PausedOwnerMultiJvmIT extends SharedClusterTest {
  @Test
  void shouldGoOnInTheSameEpochWhenTheOwnerHangsForOneAndForFiveSeconds() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "hangs-1-5", 2)) {
      int owner = run.owner();
      for (int seconds : new int[] {1, 5}) {
        run.awaitRandomMoment();
        run.pause(owner);
        run.awaitSeconds(seconds);
        cluster.resume(owner);
        run.back(owner);
        run.awaitMoreSegments(2);
      }
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 1);
    }
  }

  @Test
  void shouldServeNothingStaleAndExitWhenTheOwnerWakesAfterItsStreamWasMoved() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "hangs-30", 2)) {
      int owner = run.owner();
      run.awaitRandomMoment();
      run.pause(owner);
      run.awaitOtherOwner(owner);
      run.awaitSeconds(20);
      NodeProcess woken = cluster.node(owner);
      List<String> written = objectsOfFirstEpoch();
      cluster.resume(owner);
      Await.until("the node that hung ends by itself", ClusterRun.SOON, () -> !woken.isAlive());
      List<String> left = objectsOfFirstEpoch();
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      // Which of the two comes first is a matter of milliseconds. What it has at hand when it wakes
      // is
      // offered to the store in either case.
      assertThat(Files.readString(woken.log()))
          .containsAnyOf(
              "stream hangs-30 has another owner now, stopping here", "including myself");
      assertThat(written).isNotEmpty().containsAll(left);
      run.verify(history, 0, 2);
    }
  }

  /** Segments in the store that the first owner made. */
  private static List<String> objectsOfFirstEpoch() {
    try (RedisProbe redis = cluster.redis().probe()) {
      return redis.keys("millrace:{hangs-30}:object:*:1-*");
    }
  }
}
