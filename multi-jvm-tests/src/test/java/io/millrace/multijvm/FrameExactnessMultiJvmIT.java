package io.millrace.multijvm;

import io.millrace.testkit.hls.AudioAlignment;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.Recording;
import io.millrace.testkit.process.NodeProcess;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every rendition shows every frame that was published, once and in order. */
@Timeout(240)
class FrameExactnessMultiJvmIT {
  private static NodeProcess node;

  @BeforeAll
  static void startNode() throws IOException {
    node = NodeProcess.start(Nodes.impatient(FrameExactnessMultiJvmIT.class, "node"));
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource({"short-b-frames, 30000, 1001, 2, 44100, 1", "short-plain, 30, 1, 0, 48000, 2"})
  void shouldShowEveryFrame(
      String stream, int fpsNum, int fpsDen, int bFrames, int rate, int channels)
      throws IOException {
    run(stream, 24, fpsNum, fpsDen, bFrames, rate, channels);
  }

  /** With the short ones: each frame rate with and without B-frames. */
  @ParameterizedTest
  @Tag("long-faults")
  @CsvSource({"b-frames-30, 30, 1, 2, 44100, 2", "plain-2997, 30000, 1001, 0, 48000, 1"})
  void shouldShowEveryFrameForAMinute(
      String stream, int fpsNum, int fpsDen, int bFrames, int rate, int channels)
      throws IOException {
    run(stream, 66, fpsNum, fpsDen, bFrames, rate, channels);
  }

  private static void run(
      String stream, int seconds, int fpsNum, int fpsDen, int bFrames, int rate, int channels)
      throws IOException {
    CodedVideo video =
        CodedVideo.of(1280, 720, seconds)
            .withFps(fpsNum, fpsDen)
            .withBFrames(bFrames)
            .withAudio(rate, channels);
    try (LiveRun run = LiveRun.start(node, stream, video)) {
      Recording recording = run.finish();

      LiveRun.assertWhole(recording, 0);
      run.assertFrameExact(recording);
      AudioAlignment.assertAligned(run.flv, video, recording);
    }
  }
}
