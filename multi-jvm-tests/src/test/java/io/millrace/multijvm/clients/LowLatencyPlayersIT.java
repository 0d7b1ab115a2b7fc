package io.millrace.multijvm.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.multijvm.Nodes;
import io.millrace.testkit.Await;
import io.millrace.testkit.browser.ChromiumPage;
import io.millrace.testkit.browser.ShownPictures;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watch page in Chromium plays a stream's parts as soon as they are there. */
@Tag("clients")
@Timeout(240)
class LowLatencyPlayersIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String STREAM = "near";

  /** Twelve seconds of pictures. */
  private static final int PICTURES = 360;

  /** It is about 1.3; plain HLS would be at 12. */
  private static final double FAR_BEHIND = 4;

  @Test
  void shouldPlayPartsOnTheOwnersNodeAndOnAnother() throws Exception {
    CodedVideo video = CodedVideo.of(640, 360, 120).withGopSeconds(1);
    Path flv = CodedVideoFactory.inTarget().flv(video);
    try (ClusterFixture cluster = ClusterFixture.start(twoNodes());
        TestPublisher publisher =
            TestPublisher.once(cluster.rtmpUrl(1, STREAM), flv, BroadcastSettings.REAL_TIME)) {
      int owner = cluster.awaitOwner(STREAM, SOON);
      for (int node : List.of(owner, 3 - owner)) {
        try (ChromiumPage page = ChromiumPage.open(1280, 720)) {
          watch(page, cluster.node(node));
          playsNearby(page, publisher, video.fps());
          page.screenshot(screenshot(node == owner ? "owner" : "other"));
        }
        assertThat(cluster.node(node).metric("millrace_hls_reloads_total", "outcome=\"reached\""))
            .as("reloads that waited on node %s", node)
            .isGreaterThan(20);
      }
    }
  }

  @Test
  void shouldPlayFromTheFirstSegmentOnAndSwitchLevelsWithoutAStall() throws Exception {
    CodedVideo video = CodedVideo.of(1280, 720, 60).withGopSeconds(1);
    Path flv = CodedVideoFactory.inTarget().flv(video);
    try (NodeProcess node = NodeProcess.start(lowLatency());
        ChromiumPage page = ChromiumPage.open(1280, 720)) {
      watch(page, node);
      try (TestPublisher publisher =
          TestPublisher.once(node.ready().rtmpUrl(STREAM), flv, BroadcastSettings.REAL_TIME)) {
        JsonNode before = awaitPlaying(page);
        for (int level : List.of(0, 1, 0)) {
          switchTo(page, level);
        }
        playsNearby(page, publisher, video.fps());
        requireUndisturbed(page, before);
        page.screenshot(screenshot("levels"));
      }
    }
  }

  private static ClusterOptions twoNodes() throws IOException {
    Path directory = Files.createDirectories(Path.of("target", "nodes"));
    return ClusterOptions.of(
            2, Files.createTempDirectory(directory, "LowLatencyPlayersIT-").toAbsolutePath())
        .withSetting("millrace.hls.low-latency", "on");
  }

  private static NodeOptions lowLatency() throws IOException {
    return Nodes.single(LowLatencyPlayersIT.class, "node")
        .withSetting("millrace.hls.low-latency", "on");
  }

  private static Path screenshot(String name) {
    return Path.of("target", "client-logs", "low-latency-" + name + ".png");
  }

  /** Opens the watch page, which then remembers more than the usual 250 requests. */
  private static void watch(ChromiumPage page, NodeProcess node) throws IOException {
    page.navigate(node.ready().http("/watch/" + STREAM));
    page.evaluate("performance.setResourceTimingBufferSize(100000)");
  }

  private static JsonNode awaitPlaying(ChromiumPage page) throws IOException {
    Await.until("the picture runs", SOON, () -> stats(page).path("decodedFrames").asInt() > 60);
    return stats(page);
  }

  /** From its start on it is close behind, and nothing stops or complains. */
  private static void playsNearby(ChromiumPage page, TestPublisher publisher, double fps)
      throws IOException {
    JsonNode before = awaitPlaying(page);
    ShownPictures pictures = ShownPictures.of(page);
    Await.until(PICTURES + " pictures are shown", SOON, () -> pictures.count() > PICTURES);
    List<Double> behind = pictures.secondsBehind(publisher, fps);
    JsonNode after = requireUndisturbed(page, before);
    assertThat(after.path("lowLatency").asBoolean()).isTrue();
    assertThat(behind.stream().sorted().toList().get(behind.size() * 95 / 100))
        .as("seconds behind, 95 of 100 pictures; %s", after)
        .isLessThan(FAR_BEHIND);
    assertThat(requests(page, "_HLS_msn=[0-9]+&_HLS_part=")).isGreaterThan(20);
    assertThat(requests(page, "/(source|[0-9]+p)/1-[0-9]+[.][0-9]+[.]m4s")).isGreaterThan(20);
    assertThat(page.console()).isEmpty();
  }

  private static JsonNode requireUndisturbed(ChromiumPage page, JsonNode before)
      throws IOException {
    JsonNode after = stats(page);
    for (String counter : List.of("stalls", "errors", "fatal", "mediaRecoveries", "restarts")) {
      assertThat(after.path(counter))
          .as("%s in %s", counter, after)
          .isEqualTo(before.path(counter));
    }
    return after;
  }

  private static int requests(ChromiumPage page, String pattern) throws IOException {
    return page.evaluate(
            "performance.getEntriesByType('resource').filter(r => /PATTERN/.test(r.name)).length"
                .replace("PATTERN", pattern.replace("/", "\\/")))
        .asInt();
  }

  private static void switchTo(ChromiumPage page, int level) throws IOException {
    page.evaluate("window.millrace.choose(" + level + ")");
    int before = stats(page).path("decodedFrames").asInt();
    Await.until(
        "level " + level + " is shown",
        SOON,
        () -> {
          JsonNode now = stats(page);
          JsonNode wanted = now.path("levels").path(level);
          return now.path("currentLevel").asInt() == level
              && now.path("videoHeight").asInt() == wanted.path("height").asInt()
              && now.path("decodedFrames").asInt() > before + 60;
        });
  }

  private static JsonNode stats(ChromiumPage page) throws IOException {
    return page.evaluate("window.millrace.stats()");
  }
}
