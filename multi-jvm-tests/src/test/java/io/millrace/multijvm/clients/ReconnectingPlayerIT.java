package io.millrace.multijvm.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.multijvm.Nodes;
import io.millrace.testkit.Await;
import io.millrace.testkit.browser.ChromiumPage;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The watch page sits through a publisher's absence and goes on with it. */
@Tag("clients")
@Timeout(240)
class ReconnectingPlayerIT {
  private static final Duration AWAY = Duration.ofSeconds(28);
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final String STREAM = "away";

  @ParameterizedTest(name = "low latency {0}")
  @ValueSource(strings = {"on", "off"})
  void shouldPlayOnWithoutAFatalErrorWhenThePublisherWasAwayFor28Seconds(String lowLatency)
      throws Exception {
    Path flv = CodedVideoFactory.inTarget().flv(CodedVideo.of(640, 360, 20));
    NodeOptions options =
        Nodes.single(ReconnectingPlayerIT.class, "node-" + lowLatency)
            .withSetting("millrace.hls.low-latency", lowLatency)
            .withSetting("millrace.transcode.enabled", "false");
    try (NodeProcess node = NodeProcess.start(options);
        ChromiumPage page = ChromiumPage.open(1280, 720)) {
      try (TestPublisher first = publish(node, flv)) {
        page.navigate(node.ready().http("/watch/" + STREAM));
        awaitPlaying(page, 0);
        assertThat(stats(page).path("lowLatency").asBoolean()).isEqualTo(lowLatency.equals("on"));
        first.abort();
      }
      node.awaitStreamState(STREAM, "reconnecting", DEADLINE);
      sitThroughTheAbsence(page);
      double shown = stats(page).path("currentTime").asDouble();
      try (TestPublisher second = publish(node, flv)) {
        awaitPlaying(page, shown + 4);
        assertThat(second.sessions()).isEqualTo(1);
      }
      JsonNode after = stats(page);
      page.screenshot(Path.of("target", "client-logs", "reconnected-" + lowLatency + ".png"));
      assertThat(after.path("fatal").asInt()).as("fatal errors in %s", after).isZero();
      assertThat(after.path("restarts").asInt()).as("restarts in %s", after).isZero();
      assertThat(after.path("mediaRecoveries").asInt()).as("recoveries in %s", after).isZero();
    }
  }

  private static TestPublisher publish(NodeProcess node, Path flv) throws IOException {
    TestPublisher publisher =
        TestPublisher.looped(node.ready().rtmpUrl(STREAM), flv, BroadcastSettings.REAL_TIME);
    node.awaitStreamState(STREAM, "live", DEADLINE);
    return publisher;
  }

  private static void sitThroughTheAbsence(ChromiumPage page) throws IOException {
    long since = System.nanoTime();
    Await.until(
        "28 s are over",
        AWAY.plus(DEADLINE),
        () -> {
          JsonNode now = stats(page);
          assertThat(now.path("fatal").asInt()).as("fatal errors in %s", now).isZero();
          return System.nanoTime() - since > AWAY.toNanos();
        });
  }

  /** The picture is past {@code seconds} and moves. */
  private static void awaitPlaying(ChromiumPage page, double seconds) throws IOException {
    int before = stats(page).path("decodedFrames").asInt();
    Await.until(
        "the picture runs past " + seconds + " s",
        DEADLINE,
        () ->
            stats(page).path("currentTime").asDouble() > seconds
                && stats(page).path("decodedFrames").asInt() > before + 60);
  }

  private static JsonNode stats(ChromiumPage page) throws IOException {
    return page.evaluate("window.millrace.stats()");
  }
}
