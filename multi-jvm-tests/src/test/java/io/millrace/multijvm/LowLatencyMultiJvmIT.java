package io.millrace.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.PlaylistLinter;
import io.millrace.testkit.hls.Recording;
import io.millrace.testkit.lowlatency.FetchedPart;
import io.millrace.testkit.lowlatency.LowLatencyFollower;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.process.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Players with low latency and plain ones watch the same stream with a ladder. */
@Timeout(180)
class LowLatencyMultiJvmIT {
  private static final CodedVideo VIDEO = CodedVideo.of(1280, 720, 28).withBFrames(2);
  private static final List<String> RENDITIONS = List.of("source", "480p", "audio");
  private static final Duration START = Duration.ofSeconds(30);

  /** Of 333 ms, in the time that the test looks. */
  private static final int PARTS = 40;

  private NodeProcess node;

  @BeforeEach
  void startNode() throws IOException {
    node =
        NodeProcess.start(
            Nodes.impatient(LowLatencyMultiJvmIT.class, "node")
                .withSetting("millrace.hls.low-latency", "on")
                .withSetting("millrace.hls.segment-duration", "2s"));
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  @Test
  void shouldShowEveryPartInOrderWhenPlayersReloadByBlocking() throws Exception {
    watch("low", () -> {});
  }

  @Test
  void shouldGoOnWithThePartsOfTheSegmentWhenTheWorkerIsKilled() throws Exception {
    watch("worker", () -> Signal.KILL.send(LiveRun.oldestWorker(node).pid()));
  }

  /**
   * Players see the whole stream.
   *
   * @param fault comes half way
   */
  private void watch(String stream, Runnable fault) throws Exception {
    PlaylistLinter linter = new PlaylistLinter(Duration.ofMillis(500));
    try (LiveRun run = LiveRun.start(node, stream, VIDEO)) {
      List<LowLatencyFollower> followers =
          RENDITIONS.stream()
              .map(name -> node.ready().http("/hls/" + stream + "/" + name + "/index.m3u8"))
              .map(uri -> LowLatencyFollower.start(uri, linter::observe))
              .toList();
      followers.forEach(follower -> follower.awaitParts(PARTS / 2, START));
      fault.run();
      followers.forEach(follower -> follower.awaitParts(PARTS, START));
      run.publisher.awaitEnd(Duration.ofSeconds(60));
      linter.reconnecting(true);
      followers.forEach(LowLatencyFollower::close);
      Recording recording = run.finish();

      assertThat(linter.violations()).isEmpty();
      for (LowLatencyFollower follower : followers) {
        assertThat(follower.failures()).isEmpty();
        assertThat(follower.comparedSegments()).isGreaterThan(4);
        assertThat(follower.deltas()).isPositive();
        assertThat(follower.parts()).extracting(FetchedPart::hinted).contains(true);
      }
      LiveRun.assertWhole(recording, 0);
      run.assertFrameExact(recording);
    }
  }
}
