package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.ladder.LadderRung;
import io.millrace.media.worker.BundledFfmpeg;
import io.millrace.testkit.Await;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole node: an encoder publishes over RTMP, HLS comes out, also after things have died. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SingleNodeIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final List<LadderRung> RUNGS = List.of(new LadderRung("120p", 120, 100_000, 30));
  private static final List<String> RENDITIONS = List.of("source", "120p", "audio");
  private static final Pattern SEGMENT = Pattern.compile("(?m)^(\\d+)-(\\d+)\\.m4s$");

  @TempDir static Path media;
  @TempDir Path data;

  private static Path source;
  private final List<Process> encoders = new ArrayList<>();

  @BeforeAll
  static void encode() throws Exception {
    source = media.resolve("source.flv");
    Process ffmpeg =
        new ProcessBuilder(
                BundledFfmpeg.ffmpeg().toString(),
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=320x240:rate=15",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440:sample_rate=48000",
                "-t",
                "40",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-g",
                "30",
                "-bf",
                "2",
                "-pix_fmt",
                "yuv420p",
                "-c:a",
                "aac",
                source.toString())
            .inheritIO()
            .start();
    assertThat(ffmpeg.waitFor()).isZero();
  }

  @AfterEach
  void stopEncoders() {
    encoders.forEach(Process::destroyForcibly);
  }

  private Process publish(TestNode node, String key) throws IOException {
    Process encoder =
        new ProcessBuilder(
                BundledFfmpeg.ffmpeg().toString(),
                "-v",
                "error",
                "-re",
                "-i",
                source.toString(),
                "-c",
                "copy",
                "-f",
                "flv",
                node.rtmpUrl(key))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    encoders.add(encoder);
    return encoder;
  }

  private static String text(TestNode node, String path) throws Exception {
    HttpResponse<byte[]> response = node.get(path);
    if (response.statusCode() != 200) {
      throw new IOException(path + " answers " + response.statusCode());
    }
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String playlist(TestNode node, String rendition) throws Exception {
    return text(node, "/hls/cam/" + rendition + "/index.m3u8");
  }

  private static long lastMsn(String playlist) {
    long last = -1;
    Matcher matcher = SEGMENT.matcher(playlist);
    while (matcher.find()) {
      last = Long.parseLong(matcher.group(2));
    }
    return last;
  }

  private static void awaitMsn(TestNode node, long msn) {
    for (String rendition : RENDITIONS) {
      Await.until(
          "segment " + msn + " of " + rendition + " is listed",
          SOON,
          () -> lastMsn(playlist(node, rendition)) >= msn);
    }
  }

  private static void assertAllSegmentsThere(TestNode node) throws Exception {
    for (String rendition : RENDITIONS) {
      String playlist = playlist(node, rendition);
      assertThat(playlist).doesNotContain("EXT-X-GAP");
      Matcher matcher = SEGMENT.matcher(playlist);
      long expected = -1;
      while (matcher.find()) {
        long msn = Long.parseLong(matcher.group(2));
        assertThat(msn).isEqualTo(expected < 0 ? msn : expected);
        expected = msn + 1;
        HttpResponse<byte[]> object = node.get("/hls/cam/" + rendition + "/" + matcher.group());
        assertThat(object.statusCode()).as(rendition + "/" + matcher.group()).isEqualTo(200);
      }
    }
  }

  private static long count(String text, String part) {
    return text.lines().filter(line -> line.equals(part)).count();
  }

  @Test
  void servesAllRenditionsOfWhatAnEncoderPublishes() throws Exception {
    try (TestNode node = TestNode.start(data, RUNGS)) {
      publish(node, "cam");
      String multivariant =
          Await.value(
              "the multivariant playlist is there",
              SOON,
              () ->
                  Optional.of(node.get("/hls/cam/index.m3u8"))
                      .filter(r -> r.statusCode() == 200)
                      .map(r -> new String(r.body(), StandardCharsets.UTF_8)));
      assertThat(multivariant).contains("source/index.m3u8", "120p/index.m3u8", "audio/index.m3u8");
      awaitMsn(node, 2);
      assertAllSegmentsThere(node);
      assertThat(probe(node.httpUrl("/hls/cam/index.m3u8"))).isEmpty();
      assertThat(node.get("/hls/unknown/index.m3u8").statusCode()).isEqualTo(404);
    }
  }

  private static String probe(String url) throws Exception {
    Process ffmpeg =
        new ProcessBuilder(
                BundledFfmpeg.ffmpeg().toString(),
                "-v",
                "error",
                "-i",
                url,
                "-map",
                "0",
                "-t",
                "2",
                "-f",
                "null",
                "-")
            .redirectErrorStream(true)
            .start();
    String output = new String(ffmpeg.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(ffmpeg.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void continuesWithOneDiscontinuityWhenThePublisherComesBack() throws Exception {
    try (TestNode node = TestNode.start(data, RUNGS)) {
      Process first = publish(node, "cam");
      awaitMsn(node, 1);
      first.destroyForcibly().waitFor();
      Await.until(
          "the stream is reconnecting",
          SOON,
          () -> text(node, "/api/v1/streams/cam").contains("\"reconnecting\""));
      long before = lastMsn(playlist(node, "source"));
      publish(node, "cam");
      awaitMsn(node, before + 2);
      for (String rendition : RENDITIONS) {
        String playlist = playlist(node, rendition);
        assertThat(count(playlist, "#EXT-X-DISCONTINUITY")).as(playlist).isEqualTo(1);
        assertThat(playlist).doesNotContain("ENDLIST");
      }
      assertAllSegmentsThere(node);
    }
  }

  @Test
  void continuesTheMediaSequenceAfterARestartOfTheNode() throws Exception {
    long before;
    try (TestNode node = TestNode.start(data, RUNGS)) {
      publish(node, "cam");
      awaitMsn(node, 1);
      before = lastMsn(playlist(node, "source"));
    }
    try (TestNode node = TestNode.start(data, RUNGS)) {
      assertServesTheRecoveredWindow(node, before);
      assertThat(playlist(node, "source")).doesNotContain("ENDLIST");
      assertAllSegmentsThere(node);
      long recovered = lastMsn(playlist(node, "source"));
      publish(node, "cam");
      awaitMsn(node, recovered + 2);
      assertThat(count(playlist(node, "120p"), "#EXT-X-DISCONTINUITY")).isEqualTo(1);
      assertAllSegmentsThere(node);
    }
  }

  /** Viewers who load again right after the restart wait at most; nobody gets an error. */
  private static void assertServesTheRecoveredWindow(TestNode node, long lastMsn) throws Exception {
    assertThat(text(node, "/hls/cam/index.m3u8"))
        .contains("source/index.m3u8", "120p/index.m3u8", "audio/index.m3u8");
    for (String rendition : RENDITIONS) {
      String playlist = playlist(node, rendition);
      assertThat(lastMsn(playlist)).as(playlist).isGreaterThanOrEqualTo(lastMsn);
    }
    assertThat(text(node, "/api/v1/streams/cam")).contains("\"reconnecting\"");
  }

  @Test
  void leavesNoGapWhenTheWorkerIsKilled() throws Exception {
    try (TestNode node = TestNode.start(data, RUNGS)) {
      publish(node, "cam");
      awaitMsn(node, 1);
      killWorker();
      long before = lastMsn(playlist(node, "source"));
      awaitMsn(node, before + 3);
      assertAllSegmentsThere(node);
      for (String rendition : RENDITIONS) {
        assertThat(playlist(node, rendition)).doesNotContain("#EXT-X-DISCONTINUITY\n");
      }
    }
  }

  private static void killWorker() {
    ProcessHandle worker =
        ProcessHandle.current()
            .descendants()
            .filter(p -> p.info().commandLine().orElse("").contains("WorkerMain"))
            .findFirst()
            .orElseThrow();
    worker.destroyForcibly();
    worker.onExit().join();
  }

  @Test
  void showsAPictureOfAStreamWithoutRungsToWhoAsks() throws Exception {
    try (TestNode node = TestNode.start(data, List.of())) {
      publish(node, "cam");
      Await.until("a segment is listed", SOON, () -> lastMsn(playlist(node, "source")) >= 0);
      HttpResponse<byte[]> picture =
          Await.value(
              "a picture is there",
              SOON,
              () ->
                  Optional.of(node.get("/api/v1/streams/cam/thumbnail.jpg"))
                      .filter(r -> r.statusCode() == 200));
      assertThat(picture.body()).startsWith(0xff, 0xd8).endsWith(0xff, 0xd9);
    }
  }

  @Test
  void endsAStreamOnRequest() throws Exception {
    try (TestNode node = TestNode.start(data, List.of())) {
      publish(node, "cam");
      Await.until("a segment is listed", SOON, () -> lastMsn(playlist(node, "source")) >= 0);
      assertThat(node.delete("/api/v1/streams/cam")).isEqualTo(204);
      Await.until(
          "the playlist has ended", SOON, () -> playlist(node, "source").contains("ENDLIST"));
      assertThat(node.delete("/api/v1/streams/other")).isEqualTo(404);
    }
  }
}
