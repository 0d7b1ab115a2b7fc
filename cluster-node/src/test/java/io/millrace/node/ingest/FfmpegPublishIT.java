package io.millrace.node.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.worker.BundledFfmpeg;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled ffmpeg as an encoder. */
class FfmpegPublishIT {
  private final ListenerFixture fixture = new ListenerFixture(ListenerFixture.settings());

  @AfterEach
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"live/one", "live/inst/one", "live/one?token=a%2Fb"})
  void takesH264AndAac(String path) throws Exception {
    publish(path, "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-c:a", "aac");
    FakeGateway.Publish publish = fixture.awaitPublish();
    assertThat(publish.request.streamId()).isEqualTo("one");
    assertThat(publish.closed.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(frames(publish, Codec.H264)).isEqualTo(60);
    assertThat(frames(publish, Codec.AAC)).isGreaterThan(80);
    assertThat(publish.units.get(0).isConfig()).isTrue();
  }

  @Test
  void takesEnhancedHevcAndOpus() throws Exception {
    publish("live/two", "-c:v", "libx265", "-preset", "ultrafast", "-c:a", "libopus");
    FakeGateway.Publish publish = fixture.awaitPublish();
    assertThat(publish.closed.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(frames(publish, Codec.HEVC)).isEqualTo(60);
    assertThat(frames(publish, Codec.OPUS)).isGreaterThan(80);
  }

  private static long frames(FakeGateway.Publish publish, Codec codec) {
    return publish.units.stream()
        .filter(unit -> unit.codec() == codec && unit.kind() == MediaUnit.Kind.FRAME)
        .count();
  }

  private void publish(String path, String... encoders) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(BundledFfmpeg.ffmpeg().toString(), "-nostdin", "-v", "error"));
    command.addAll(List.of("-f", "lavfi", "-i", "testsrc=size=320x240:rate=30:duration=2"));
    command.addAll(List.of("-f", "lavfi", "-i", "sine=sample_rate=48000:duration=2"));
    command.addAll(List.of("-pix_fmt", "yuv420p"));
    command.addAll(List.of(encoders));
    command.addAll(List.of("-f", "flv", "rtmp://127.0.0.1:" + fixture.port + "/" + path));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
