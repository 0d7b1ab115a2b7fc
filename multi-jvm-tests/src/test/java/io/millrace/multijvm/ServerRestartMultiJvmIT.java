package io.millrace.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.RecordedRendition;
import io.millrace.testkit.hls.Recording;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that comes back within the grace continues the same media sequence. */
@Timeout(180)
class ServerRestartMultiJvmIT {
  /** What a killed server may lose: the segment in flight, and one that was not durable yet. */
  private static final int NOT_DURABLE_SECONDS = 9;

  /** What the publisher has sent and the server not read when it is told to stop. */
  private static final int IN_FLIGHT_SECONDS = 1;

  private static final CodedVideo VIDEO = CodedVideo.of(1280, 720, 40);

  @Test
  void shouldContinueTheMediaSequenceWhenThePublisherReturnsToTheRestartedServer()
      throws Exception {
    BroadcastSettings reconnecting =
        BroadcastSettings.REAL_TIME.withReconnect(60, Duration.ofMillis(500));
    try (NodeProcess first = NodeProcess.start(options("returns"));
        LiveRun run = LiveRun.start(first, "returns", VIDEO, reconnecting)) {
      run.awaitSent(14);
      run.recorder.reconnecting(true);
      first.kill();
      try (NodeProcess second = first.startAgain()) {
        run.publisher.awaitSession(2, Duration.ofSeconds(20));
        second.awaitStreamState("returns", "live", Duration.ofSeconds(10));
        run.awaitSent(30);
        Recording recording = run.finish();

        for (RecordedRendition rendition : recording.renditions()) {
          assertThat(rendition.missing()).as(rendition.name()).isEmpty();
          assertThat(rendition.discontinuities()).as(rendition.name()).hasSize(1);
        }
        assertThat(recording.violations()).isEmpty();
        run.assertFrameExact(recording, NOT_DURABLE_SECONDS);
      }
    }
  }

  @Test
  @Tag("long-faults")
  void shouldShowWhatItTookWhenTheServerIsToldToStopAndRestarted() throws Exception {
    BroadcastSettings reconnecting =
        BroadcastSettings.REAL_TIME.withReconnect(60, Duration.ofMillis(500));
    try (NodeProcess first = NodeProcess.start(options("restarted", "10s"));
        LiveRun run = LiveRun.start(first, "restarted", VIDEO, reconnecting)) {
      run.awaitSent(14);
      run.recorder.reconnecting(true);
      first.terminate(Duration.ofSeconds(30));
      try (NodeProcess second = first.startAgain()) {
        run.publisher.awaitSession(2, Duration.ofSeconds(20));
        second.awaitStreamState("restarted", "live", Duration.ofSeconds(10));
        run.awaitSent(24);
        Recording recording = run.finish();

        assertThat(recording.violations()).isEmpty();
        run.assertFrameExact(recording, IN_FLIGHT_SECONDS);
        assertThat(Files.readString(first.log()))
            .contains("closed: The server is stopping.")
            .doesNotContain("timed out");
      }
    }
  }

  @Test
  void shouldEndTheStreamAtItsDeadlineWhenNobodyReturnsToTheRestartedServer() throws Exception {
    try (NodeProcess first = NodeProcess.start(options("abandoned"));
        LiveRun run = LiveRun.start(first, "abandoned", VIDEO)) {
      run.awaitSent(14);
      run.recorder.reconnecting(true);
      run.publisher.abort();
      first.awaitStreamState("abandoned", "reconnecting", Duration.ofSeconds(5));
      String before = first.get("/hls/abandoned/source/index.m3u8");
      first.kill();
      try (NodeProcess second = first.startAgain()) {
        Await.until(
            "the playlist is served again",
            Duration.ofSeconds(10),
            () -> second.get("/hls/abandoned/source/index.m3u8").startsWith("#EXTM3U"));
        Recording recording = run.awaitEnded();

        assertThat(recording.violations()).isEmpty();
        assertThat(second.get("/hls/abandoned/source/index.m3u8"))
            .startsWith(wholeSegments(before))
            .endsWith("#EXT-X-ENDLIST\n");
      }
    }
  }

  /** Parts are not kept over a restart, nor is the segment that they are of. */
  private static String wholeSegments(String playlist) {
    String whole = playlist.replaceAll("#EXT-X-(PART:|PRELOAD-HINT|RENDITION-REPORT)[^\n]*\n", "");
    return whole.substring(0, whole.lastIndexOf(".m4s\n") + ".m4s\n".length());
  }

  private static NodeOptions options(String name) throws IOException {
    return options(name, "20s");
  }

  private static NodeOptions options(String name, String grace) throws IOException {
    return Nodes.single(ServerRestartMultiJvmIT.class, name)
        .withSetting("millrace.stream.reconnect-grace", grace);
  }
}
