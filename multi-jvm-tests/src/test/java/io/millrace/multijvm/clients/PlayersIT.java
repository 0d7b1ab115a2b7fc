package io.millrace.multijvm.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.multijvm.Nodes;
import io.millrace.testkit.Await;
import io.millrace.testkit.browser.ChromiumPage;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real players play every rendition of a live 1080p stream. */
@Tag("clients")
@Timeout(180)
class PlayersIT {
  private static final List<String> VIDEO_RENDITIONS = List.of("source", "720p", "480p");
  private static final Duration START_DEADLINE = Duration.ofSeconds(15);
  private static final Duration PLAY_DEADLINE = Duration.ofSeconds(60);

  private static final Pattern SHOWN_BY_VLC = Pattern.compile("frames displayed *: *([0-9]+)");
  private static final Pattern SHOWN_BY_GSTREAMER = Pattern.compile("rendered: ([0-9]+)");

  private static NodeProcess node;
  private static TestPublisher publisher;
  private static OnScreen stream;

  @BeforeAll
  static void publish() throws IOException {
    Path flv = CodedVideoFactory.inTarget().flv(CodedVideo.of(1920, 1080, 20));
    node = NodeProcess.start(Nodes.single(PlayersIT.class, "node"));
    publisher =
        TestPublisher.looped(node.ready().rtmpUrl("players"), flv, BroadcastSettings.REAL_TIME);
    stream = new OnScreen(node, "players");
    node.awaitStreamState("players", "live", Duration.ofSeconds(60));
    stream.awaitSegments(3, Duration.ofSeconds(60));
  }

  @AfterAll
  static void stop() {
    publisher.close();
    node.close();
  }

  @Test
  void hlsJsInChromiumSwitchesThroughAllLevelsWithoutAStall() throws Exception {
    try (ChromiumPage page = ChromiumPage.open(1280, 720)) {
      page.navigate(node.ready().http("/watch/players"));
      Await.until(
          "the picture runs",
          START_DEADLINE,
          () -> stats(page).path("currentTime").asDouble() > 0 && decoded(page) > 60);
      assertThat(stats(page).path("levels")).hasSize(VIDEO_RENDITIONS.size());

      JsonNode before = stats(page);
      long beforeNanos = System.nanoTime();
      for (int level : List.of(0, 1, 2, 0)) {
        switchTo(page, level);
      }
      page.evaluate("window.millrace.choose(-1)");
      Await.until(
          "the best level is taken by itself",
          PLAY_DEADLINE,
          () -> stats(page).path("currentLevel").asInt() == VIDEO_RENDITIONS.size() - 1);
      assertThat(stats(page).path("autoLevel").asBoolean()).isTrue();
      JsonNode after = stats(page);
      double wallSeconds = (System.nanoTime() - beforeNanos) / 1e9;
      page.screenshot(Path.of("target", "client-logs", "chromium.png"));

      double played = after.path("currentTime").asDouble() - before.path("currentTime").asDouble();
      assertThat(played).as("seconds played of %s", wallSeconds).isGreaterThan(wallSeconds - 1.5);
      assertThat(after.path("stalls").asInt()).as("stalls in %s", after).isZero();
      assertThat(after.path("errors").asInt()).as("errors in %s", after).isZero();
    }
  }

  @Test
  void ffmpegPlaysEveryRendition() throws Exception {
    List<String> urls = new ArrayList<>(List.of(stream.multivariantUrl()));
    for (String rendition : stream.renditions()) {
      urls.add(stream.mediaPlaylistUrl(rendition));
    }
    assertThat(stream.renditions()).containsAll(VIDEO_RENDITIONS).contains("audio");
    for (String url : urls) {
      String output =
          ClientProgram.run(
              "ffmpeg-plays",
              PLAY_DEADLINE,
              List.of(
                  "ffmpeg", "-nostdin", "-v", "warning", "-i", url, "-t", "4", "-f", "null", "-"));
      assertThat(output).as(url).isEmpty();
    }
  }

  @Test
  void mpvPlaysEveryRendition() throws Exception {
    for (String rendition : VIDEO_RENDITIONS) {
      String output =
          ClientProgram.run(
              "mpv-" + rendition,
              PLAY_DEADLINE,
              List.of(
                  "mpv",
                  "--no-config",
                  "--vo=null",
                  "--ao=null",
                  "--length=4",
                  stream.mediaPlaylistUrl(rendition)));
      assertThat(output).contains("h264", "V: 00:00:03").doesNotContain("Failed");
    }
    String whole =
        ClientProgram.run(
            "mpv-multivariant",
            PLAY_DEADLINE,
            List.of(
                "mpv",
                "--no-config",
                "--vo=null",
                "--ao=null",
                "--length=4",
                stream.multivariantUrl()));
    assertThat(whole).contains("h264", "aac", "AV: 00:00:03").doesNotContain("Failed");
  }

  @Test
  void vlcPlaysEveryRendition() throws Exception {
    List<String> urls = new ArrayList<>(List.of(stream.multivariantUrl()));
    VIDEO_RENDITIONS.forEach(rendition -> urls.add(stream.mediaPlaylistUrl(rendition)));
    for (String url : urls) {
      String output = ClientProgram.run("vlc", PLAY_DEADLINE, vlc(url));
      assertThat(last(SHOWN_BY_VLC, output))
          .as("frames of %s in %s", url, output)
          .isGreaterThan(120);
    }
  }

  /**
   * Without a clock: this demuxer hands fragments on with the stream's own time, counted from its
   * beginning, so that a synchronised sink lets a late viewer wait.
   */
  @Test
  void gstreamerPlaysEveryRenditionWithHlsdemux() throws Exception {
    for (String rendition : VIDEO_RENDITIONS) {
      gstreamerPlays(
          "gst-hlsdemux-" + rendition,
          List.of(
              "souphttpsrc",
              "location=" + stream.mediaPlaylistUrl(rendition),
              "!",
              "hlsdemux",
              "!",
              "decodebin",
              "!",
              "fpsdisplaysink",
              "text-overlay=false",
              "sync=false",
              "video-sink=fakevideosink"));
    }
  }

  @Test
  void gstreamerPlaysWithPlaybin3() throws Exception {
    gstreamerPlays(
        "gst-playbin3",
        List.of(
            "playbin3",
            "uri=" + stream.multivariantUrl(),
            "video-sink=fpsdisplaysink text-overlay=false video-sink=fakevideosink",
            "audio-sink=fakeaudiosink"));
  }

  /** Until it has shown six seconds: more than one segment. */
  private static void gstreamerPlays(String name, List<String> pipeline) throws IOException {
    List<String> command = new ArrayList<>(List.of("gst-launch-1.0", "-v"));
    command.addAll(pipeline);
    try (ClientProgram program = ClientProgram.start(name, command)) {
      Await.until(
          name + " shows 180 frames",
          PLAY_DEADLINE,
          () -> last(SHOWN_BY_GSTREAMER, program.output()) > 180);
      assertThat(program.isAlive()).isTrue();
      assertThat(program.output()).doesNotContain("ERROR");
    }
  }

  /** The number in the last match; 0 without one. */
  private static int last(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .mapToInt(match -> Integer.parseInt(match.group(1)))
        .reduce(0, (before, latest) -> latest);
  }

  private static void switchTo(ChromiumPage page, int level) throws IOException {
    int height = stats(page).path("levels").path(level).path("height").asInt();
    page.evaluate("window.millrace.choose(" + level + ")");
    int before = decoded(page);
    Await.until(
        "level " + level + " is shown",
        PLAY_DEADLINE,
        () ->
            stats(page).path("currentLevel").asInt() == level
                && stats(page).path("videoHeight").asInt() == height
                && decoded(page) > before + 60);
  }

  private static int decoded(ChromiumPage page) throws IOException {
    return stats(page).path("decodedFrames").asInt();
  }

  private static JsonNode stats(ChromiumPage page) throws IOException {
    return page.evaluate("window.millrace.stats()");
  }

  /** Plays for ten seconds, then prints its counters. VLC refuses to run as root. */
  private static List<String> vlc(String url) {
    String command =
        "export HOME=$(mktemp -d); trap 'rm -rf \"$HOME\"' EXIT;"
            + " (sleep 10; echo stats; sleep 1; echo quit)"
            + " | cvlc -I oldrc --rc-fake-tty --no-dbus --vout dummy --aout dummy '"
            + url
            + "'";
    if (!System.getProperty("user.name").equals("root")) {
      return List.of("/bin/bash", "-c", command);
    }
    return List.of("su", "nobody", "-s", "/bin/bash", "-c", command);
  }
}
