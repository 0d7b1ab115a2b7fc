package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.lowlatency.FetchedPart;
import io.millrace.testkit.lowlatency.LowLatencyFollower;
import io.millrace.testkit.publish.TestPublisher;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Parts, blocking reloads, delta updates and hints of a whole node, as players use them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LowLatencyIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PARTS = 40;
  private static final String PLAYLIST = "/hls/cam/source/index.m3u8";

  @TempDir Path data;

  /** Returns when the stream plays. */
  private static TestPublisher publish(TestNode node) throws Exception {
    Path flv = CodedVideoFactory.inTarget().flv(CodedVideo.of(320, 180, 12));
    TestPublisher publisher =
        TestPublisher.looped(node.rtmpUrl("cam"), flv, BroadcastSettings.REAL_TIME);
    Await.until(
        "the stream plays", SOON, () -> node.get("/hls/cam/index.m3u8").statusCode() == 200);
    return publisher;
  }

  private static LowLatencyFollower follow(TestNode node, String rendition) {
    URI playlist = URI.create(node.httpUrl("/hls/cam/" + rendition + "/index.m3u8"));
    return LowLatencyFollower.start(playlist, (url, at, text) -> {});
  }

  private static void assertPlayed(LowLatencyFollower follower) {
    assertThat(follower.failures()).isEmpty();
    assertThat(follower.deltas()).isPositive();
    assertThat(follower.comparedSegments()).isPositive();
    assertThat(follower.parts().stream().filter(FetchedPart::hinted).count())
        .as("parts that were asked for before they were whole")
        .isGreaterThan(PARTS / 2);
  }

  @Test
  void playersGetEveryPartAsSoonAsItIsWhole() throws Exception {
    try (TestNode node = TestNode.start(data, List.of(), Duration.ofMillis(333));
        TestPublisher publisher = publish(node)) {
      try (LowLatencyFollower video = follow(node, "source");
          LowLatencyFollower audio = follow(node, "audio")) {
        video.awaitParts(PARTS, SOON);
        audio.awaitParts(PARTS, SOON);
        assertThat(publisher.sessions()).isEqualTo(1);
        assertPlayed(video);
        assertPlayed(audio);
      }
      assertThat(metrics(node)).contains("millrace_hls_reloads_total{outcome=\"reached\"}");
    }
  }

  @Test
  void playersGetWhatThereIsWhileThePublisherIsAway() throws Exception {
    try (TestNode node = TestNode.start(data, List.of(), Duration.ofMillis(333));
        TestPublisher publisher = publish(node)) {
      try (LowLatencyFollower video = follow(node, "source")) {
        video.awaitParts(PARTS / 4, SOON);
      }
      publisher.abort();
      Await.until(
          "the publisher's absence is noticed",
          SOON,
          () -> text(node.get("/api/v1/streams/cam")).contains("\"reconnecting\""));
      long next = lastMsn(text(node.get(PLAYLIST))) + 2;

      long asked = System.nanoTime();
      HttpResponse<byte[]> answer = node.get(PLAYLIST + "?_HLS_msn=" + next);
      Duration waited = Duration.ofNanos(System.nanoTime() - asked);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(lastMsn(text(answer))).isLessThan(next);
      assertThat(answer.headers().firstValue("Cache-Control")).contains("max-age=1");
      assertThat(waited).isBetween(Duration.ofMillis(2900), Duration.ofSeconds(7));
      assertThat(node.get(PLAYLIST + "?_HLS_msn=" + (next + 5)).statusCode()).isEqualTo(400);
      assertThat(node.get(PLAYLIST + "?_HLS_part=1").statusCode()).isEqualTo(400);
    }
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** Number of the newest whole segment. */
  private static long lastMsn(String playlist) {
    Matcher first = Pattern.compile("#EXT-X-MEDIA-SEQUENCE:(\\d+)").matcher(playlist);
    assertThat(first.find()).isTrue();
    return Long.parseLong(first.group(1)) + playlist.split("#EXTINF:", -1).length - 2;
  }

  private static String metrics(TestNode node) throws Exception {
    return text(node.get("/metrics"));
  }
}
