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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Parts, blocking reloads, delta updates and hints of a whole node, as players use them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LowLatencyIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PARTS = 40;

  @TempDir Path data;

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
    Path flv = CodedVideoFactory.inTarget().flv(CodedVideo.of(320, 180, 12));
    try (TestNode node = TestNode.start(data, List.of(), Duration.ofMillis(333));
        TestPublisher publisher =
            TestPublisher.looped(node.rtmpUrl("cam"), flv, BroadcastSettings.REAL_TIME)) {
      Await.until(
          "the stream plays", SOON, () -> node.get("/hls/cam/index.m3u8").statusCode() == 200);
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

  private static String metrics(TestNode node) throws Exception {
    HttpResponse<byte[]> response = node.get("/metrics");
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
