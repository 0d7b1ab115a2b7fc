package io.millrace.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.multijvm.RungStates.Stream;
import io.millrace.testkit.Await;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.RecordedRendition;
import io.millrace.testkit.hls.Recording;
import io.millrace.testkit.process.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A rung that takes longer than there is, on any machine: it alone gives way, as far as needed; the
 * smaller rung and the source stay complete.
 */
@Tag("long-faults")
@Timeout(180)
class SlowEncoderMultiJvmIT {
  private static final CodedVideo VIDEO = CodedVideo.of(1280, 720, 32);
  private static final int MANAGEABLE_AT_HALF_RATE_MS = 38;
  private static final int TOO_SLOW_MS = 66;
  private static final String SLOW = "480p";
  private static final String QUICK = "240p";

  @Test
  void shouldThinTheSlowRungWhenHalfOfItsFramesAreManageable() throws Exception {
    try (NodeProcess node = startNode("thinned", MANAGEABLE_AT_HALF_RATE_MS);
        LiveRun run = LiveRun.start(node, "thinned", VIDEO)) {
      awaitSlowRung(node, "thinned");
      Await.until(
          "left out frames are counted",
          Duration.ofSeconds(15),
          () -> metric(node, "millrace_rendition_dropped_frames_total", SLOW) > 0);
      assertThat(metric(node, "millrace_rendition_shed", SLOW)).isEqualTo(1);
      Recording recording = run.finish();

      LiveRun.assertWhole(recording, 0);
      assertOthersComplete(node, run, recording);
    }
  }

  @Test
  void shouldSuspendTheSlowRungAloneWhenThinningIsNotEnough() throws Exception {
    try (NodeProcess node = startNode("suspended", TOO_SLOW_MS);
        LiveRun run = LiveRun.start(node, "suspended", VIDEO)) {
      awaitSlowRung(node, "suspended");
      Await.until(
          "a gap is listed",
          Duration.ofSeconds(20),
          () -> metric(node, "millrace_rendition_gaps_total", SLOW) > 0);
      assertThat(metric(node, "millrace_rendition_shed", SLOW)).isEqualTo(2);
      Recording recording = run.finish();

      // The worker that both rungs share is late once; what it makes up for is listed in rhythm.
      assertThat(recording.violations())
          .allSatisfy(
              v -> assertThat(v.toString()).matches("H6 \\[(480p|240p)] no new segment for .*"));
      assertThat(recording.rendition(SLOW).gaps()).isNotEmpty();
      assertThat(recording.rendition(SLOW).missing()).isEmpty();
      assertThat(notices(node, "suspended"))
          .containsExactly("Too little CPU: 480p thinned.", "Too little CPU: 480p suspended.");
      assertOthersComplete(node, run, recording);
    }
  }

  private static void assertOthersComplete(NodeProcess node, LiveRun run, Recording recording)
      throws Exception {
    assertThat(metric(node, "millrace_rendition_shed", QUICK)).isZero();
    assertThat(metric(node, "millrace_rendition_dropped_frames_total", QUICK)).isZero();
    for (RecordedRendition rendition : recording.renditions()) {
      assertThat(rendition.discontinuities()).as(rendition.name()).isEmpty();
    }
    run.assertFrameExact(recording, "source");
    run.assertFrameExact(recording, QUICK);
  }

  private static NodeProcess startNode(String name, int delayMillis) throws IOException {
    return NodeProcess.start(
        Nodes.impatient(SlowEncoderMultiJvmIT.class, name)
            .withSetting("millrace.transcode.worker.test-encode-delay-ms." + SLOW, delayMillis)
            .withSetting("millrace.transcode.ladder.0.name", SLOW)
            .withSetting("millrace.transcode.ladder.0.size", 480)
            .withSetting("millrace.transcode.ladder.0.bitrate", "1200k")
            .withSetting("millrace.transcode.ladder.0.max-fps", 60)
            .withSetting("millrace.transcode.ladder.1.name", QUICK)
            .withSetting("millrace.transcode.ladder.1.size", 240)
            .withSetting("millrace.transcode.ladder.1.bitrate", "400k")
            .withSetting("millrace.transcode.ladder.1.max-fps", 60));
  }

  private static void awaitSlowRung(NodeProcess node, String state) {
    Await.until(
        SLOW + " is " + state,
        Duration.ofSeconds(20),
        () -> {
          Stream stream = RungStates.of(node).streams().get(0);
          assertThat(stream.sourceLagMillis()).as("source lag, %s", stream).isLessThan(1000);
          assertThat(stream.isShedInOrder()).as("order, %s", stream).isTrue();
          return stream.rungs().stream()
              .anyMatch(rung -> rung.name().equals(SLOW) && rung.state().equals(state));
        });
  }

  private static List<String> notices(NodeProcess node, String stream)
      throws IOException, InterruptedException {
    List<String> oldestFirst = new ArrayList<>();
    for (JsonNode notice : node.json("/api/v1/streams/" + stream).path("notices")) {
      if (notice.path("code").asText().startsWith("shed.")) {
        oldestFirst.add(0, notice.path("text").asText());
      }
    }
    return oldestFirst;
  }

  private static double metric(NodeProcess node, String name, String rendition)
      throws IOException, InterruptedException {
    return node.metric(name, "rendition=\"" + rendition + "\"");
  }
}
