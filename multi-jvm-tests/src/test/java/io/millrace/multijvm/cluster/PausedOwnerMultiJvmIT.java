package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.history.StreamHistory;
import io.millrace.testkit.hls.CodedVideo;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The owner hangs with all its connections open, and wakes again. */
@Tag("cluster-faults")
@Timeout(240)
class PausedOwnerMultiJvmIT {
  private static final CodedVideo VIDEO = CodedVideo.of(640, 360, 180).withBFrames(2);

  private static ClusterFixture cluster;

  @BeforeAll
  static void startCluster() throws Exception {
    cluster = ClusterFixture.start(Clusters.of(PausedOwnerMultiJvmIT.class, 3));
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
  }

  @AfterEach
  void restore() throws Exception {
    cluster.restore();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void shouldGoOnInTheSameEpochWhenTheOwnerHangsFor(int seconds) throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "hangs-" + seconds, VIDEO, 2)) {
      int owner = run.owner();
      run.awaitRandomMoment();
      run.pause(owner);
      run.awaitSeconds(seconds);
      cluster.resume(owner);
      run.back(owner);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 1);
    }
  }

  @Test
  void shouldServeNothingStaleAndExitWhenTheOwnerWakesAfterItsStreamWasMoved() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "hangs-30", VIDEO, 2)) {
      int owner = run.owner();
      run.awaitRandomMoment();
      run.pause(owner);
      run.awaitOtherOwner(owner);
      run.awaitSeconds(20);
      cluster.resume(owner);
      Await.until(
          "the node that hung ends by itself",
          Duration.ofSeconds(40),
          () -> !cluster.node(owner).isAlive());
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 2);
    }
  }
}
