package io.millrace.multijvm.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.media.worker.BundledFfmpeg;
import io.millrace.multijvm.Nodes;
import io.millrace.testkit.process.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real encoders publish with no special setting, and what they send can be played. */
@Tag("clients")
@Timeout(180)
class PublishersIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final List<String> PICTURE_AND_SOUND =
      List.of(
          "-re",
          "-f",
          "lavfi",
          "-i",
          "testsrc2=size=1280x720:rate=30",
          "-f",
          "lavfi",
          "-i",
          "sine=frequency=440:sample_rate=48000");

  private static NodeProcess node;

  @BeforeAll
  static void startNode() throws IOException {
    node = NodeProcess.start(Nodes.single(PublishersIT.class, "node"));
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @Test
  void debianFfmpegPublishes() throws Exception {
    List<String> command =
        ffmpeg("/usr/bin/ffmpeg", "libx264 -preset ultrafast -g 60", "aac", "debian-ffmpeg");
    try (ClientProgram program = ClientProgram.start("debian-ffmpeg", command)) {
      isRepackaged("debian-ffmpeg", "avc1", List.of("source", "480p", "audio"));
      program.interruptAndWait(Duration.ofSeconds(10));
      node.awaitStreamState("debian-ffmpeg", "reconnecting", Duration.ofSeconds(10));
    }
  }

  @Test
  void bundledFfmpegPublishes() throws Exception {
    List<String> command =
        ffmpeg(bundled(), "libx264 -preset ultrafast -g 60", "aac", "bundled-ffmpeg");
    try (ClientProgram program = ClientProgram.start("bundled-ffmpeg", command)) {
      isRepackaged("bundled-ffmpeg", "avc1", List.of("source", "480p", "audio"));
      assertThat(program.isAlive()).isTrue();
    }
  }

  @Test
  void bundledFfmpegPublishesEnhancedHevcAndOpus() throws Exception {
    List<String> command =
        ffmpeg(
            bundled(),
            "libx265 -preset ultrafast"
                + " -x265-params keyint=60:min-keyint=60:open-gop=0:log-level=error",
            "libopus",
            "enhanced");
    try (ClientProgram program = ClientProgram.start("enhanced", command)) {
      isRepackaged("enhanced", "hvc1", List.of("source", "720p", "480p", "audio"));
      assertThat(program.isAlive()).isTrue();
    }
  }

  @Test
  void gstreamerRtmp2sinkPublishes() throws Exception {
    try (ClientProgram program =
        gstreamer("rtmp2sink", "format=I420", "rtmp2sink location=" + url("rtmp2sink"))) {
      isRepackaged("rtmp2sink", "avc1.42", List.of("source", "audio"));
      assertThat(program.isAlive()).isTrue();
    }
  }

  /** Here the encoder makes 10-bit 4:4:4, which few players show: it gets a rung beside it. */
  @Test
  void librtmpPublishesWhatBrowsersCannotShow() throws Exception {
    try (ClientProgram program =
        gstreamer("librtmp", "format=Y444_10LE", "rtmpsink location=" + url("librtmp"))) {
      isRepackaged("librtmp", "avc1.f4", List.of("source", "480p", "audio"));
      assertThat(program.isAlive()).isTrue();
    }
  }

  @Test
  void obsPublishesWithItsDefaultKeyframeInterval() throws Exception {
    try (Obs obs = Obs.start(node.ready().rtmpUrl("").replaceAll("/$", ""), "obs")) {
      OnScreen stream = new OnScreen(node, "obs");
      node.awaitStreamState("obs", "live", START);
      stream.awaitSegments(4, START);

      assertThat(stream.renditions()).containsExactlyInAnyOrder("source", "480p", "audio");
      assertThat(stream.api().path("cut").asText()).isEqualTo("encoder");
      assertThat(stream.notices()).contains("cut.by-encoder");
      for (String rendition : List.of("source", "480p")) {
        assertThat(stream.durations(rendition))
            .as(rendition)
            .allSatisfy(seconds -> assertThat(seconds).isCloseTo(4.0, within(0.05)));
      }
      assertThat(stream.gaps()).isZero();
      plays("obs", stream);
      obs.stop();
      node.awaitStreamState("obs", "reconnecting", Duration.ofSeconds(10));
    }
  }

  private static String url(String stream) {
    return node.ready().rtmpUrl(stream);
  }

  private static String bundled() throws IOException {
    return BundledFfmpeg.ffmpeg().toString();
  }

  private static List<String> ffmpeg(String program, String video, String audio, String stream) {
    List<String> command = new ArrayList<>(List.of(program, "-nostdin", "-v", "warning"));
    command.addAll(PICTURE_AND_SOUND);
    command.addAll(List.of(("-pix_fmt yuv420p -b:v 1500k -c:v " + video).split(" ")));
    command.addAll(List.of(("-b:a 96k -ac 2 -c:a " + audio + " -f flv").split(" ")));
    command.add(url(stream));
    return command;
  }

  private static ClientProgram gstreamer(String name, String format, String sink)
      throws IOException {
    String pipeline =
        "videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=30/1,"
            + format
            + " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=60 bitrate=600"
            + " ! h264parse ! mux. audiotestsrc is-live=true ! audio/x-raw,rate=44100"
            + " ! audioconvert ! avenc_aac ! aacparse ! mux. flvmux name=mux streamable=true ! "
            + sink;
    List<String> command = new ArrayList<>(List.of("gst-launch-1.0", "-q", "-e"));
    command.addAll(List.of(pipeline.split(" ")));
    return ClientProgram.start(name, command, Map.of("GST_DEBUG", "2"));
  }

  /** The source goes through as it is, cut at its keyframes; every rendition is there and plays. */
  private static void isRepackaged(String name, String sourceCodecs, List<String> renditions)
      throws IOException, InterruptedException {
    OnScreen stream = new OnScreen(node, name);
    node.awaitStreamState(name, "live", START);
    stream.awaitSegments(2, START);
    assertThat(stream.api().path("video").path("codecs").asText()).startsWith(sourceCodecs);
    assertThat(stream.renditions()).containsExactlyInAnyOrderElementsOf(renditions);
    assertThat(stream.api().path("cut").asText()).isEqualTo("source");
    assertThat(stream.gaps()).isZero();
    plays(name, stream);
  }

  /** Every rendition of the multivariant playlist is decoded, for four seconds. */
  private static void plays(String name, OnScreen stream) throws IOException {
    String output =
        ClientProgram.run(
            name + "-played",
            Duration.ofSeconds(60),
            List.of(
                "/usr/bin/ffmpeg",
                "-nostdin",
                "-v",
                "warning",
                "-i",
                stream.multivariantUrl(),
                "-map",
                "0:v",
                "-map",
                "0:a",
                "-t",
                "4",
                "-f",
                "null",
                "-"));
    assertThat(output).isEmpty();
  }
}
