package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.ladder.LadderRung;
import io.millrace.media.worker.BundledFfmpeg;
import io.millrace.testkit.Await;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** 10-bit HEVC with rare keyframes, as encoders send it: every rendition that is shown is H.264. */
@Timeout(120)
class HevcLongGopIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final List<LadderRung> RUNGS =
      List.of(new LadderRung("240p", 240, 300_000, 30), new LadderRung("120p", 120, 100_000, 30));

  @TempDir Path data;

  @Test
  void showsOnlyTranscodedRenditions() throws Exception {
    Process encoder = null;
    try (TestNode node = TestNode.start(data, RUNGS)) {
      encoder = publish(node.rtmpUrl("cam"));
      String multivariant =
          Await.value("the multivariant playlist is there", SOON, () -> found(node, "index.m3u8"));
      assertThat(multivariant).contains("240p/index.m3u8", "120p/index.m3u8", "avc1.");
      assertThat(multivariant).doesNotContain("source", "hvc1");
      for (String rung : List.of("240p", "120p")) {
        Await.until(
            "segments of " + rung,
            SOON,
            () -> found(node, rung + "/index.m3u8").orElse("").contains("1-3.m4s"));
        assertThat(found(node, rung + "/index.m3u8").orElseThrow())
            .doesNotContain("EXT-X-GAP", "#EXT-X-DISCONTINUITY\n");
      }
      assertThat(new String(node.get("/api/v1/streams/cam").body(), StandardCharsets.UTF_8))
          .contains("\"cut\":\"encoder\"");
      assertThat(decodedFrames(node.httpUrl("/hls/cam/240p/index.m3u8"))).isPositive();
    } finally {
      if (encoder != null) {
        encoder.destroyForcibly();
      }
    }
  }

  private static Optional<String> found(TestNode node, String path) throws Exception {
    HttpResponse<byte[]> response = node.get("/hls/cam/" + path);
    return response.statusCode() == 200
        ? Optional.of(new String(response.body(), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  private static Process publish(String url) throws Exception {
    List<String> command =
        List.of(
            BundledFfmpeg.ffmpeg().toString(),
            "-v",
            "error",
            "-re",
            "-f",
            "lavfi",
            "-i",
            "testsrc=size=320x240:rate=15:duration=60",
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-pix_fmt",
            "yuv420p10le",
            "-x265-params",
            "keyint=180:min-keyint=180:scenecut=0:open-gop=0:log-level=error",
            "-f",
            "flv",
            url);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Of the first two seconds. */
  private static long decodedFrames(String url) throws Exception {
    Process ffmpeg =
        new ProcessBuilder(
                BundledFfmpeg.ffmpeg().toString(),
                "-v",
                "error",
                "-i",
                url,
                "-t",
                "2",
                "-f",
                "rawvideo",
                "-")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long bytes = ffmpeg.getInputStream().transferTo(OutputStream.nullOutputStream());
    assertThat(ffmpeg.waitFor()).isZero();
    return bytes / (320L * 240 * 3 / 2);
  }
}
