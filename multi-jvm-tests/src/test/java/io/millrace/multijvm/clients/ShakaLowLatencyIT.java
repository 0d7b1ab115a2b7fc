package io.millrace.multijvm.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.multijvm.Nodes;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.publish.TestPublisher;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * shaka-player with low latency. A second behind live it needs a machine that has nothing else to
 * do, so that it is not among the other players' tests.
 */
@Tag("quiet-clients")
@Timeout(180)
class ShakaLowLatencyIT {
  private static final Duration SOON = Duration.ofSeconds(40);

  @Test
  void playsPartsAndWaitsForPlaylists() throws Exception {
    Path flv = CodedVideoFactory.inTarget().flv(CodedVideo.of(960, 540, 120).withGopSeconds(1));
    NodeOptions options =
        Nodes.single(ShakaLowLatencyIT.class, "node").withSetting("millrace.hls.low-latency", "on");
    try (NodeProcess node = NodeProcess.start(options);
        TestPublisher publisher =
            TestPublisher.looped(
                node.ready().rtmpUrl("studio"), flv, BroadcastSettings.REAL_TIME)) {
      OnScreen stream = new OnScreen(node, "studio");
      publisher.awaitFrames(60, SOON);
      stream.awaitSegments(3, SOON);
      try (ShakaPlayer player = ShakaPlayer.open()) {
        assertThat(player.play(stream.multivariantUrl(), true)).as("live").isTrue();
        JsonNode state = player.assertPlays(10, SOON);

        System.out.println("shaka-player: " + state);
        assertThat(state.at("/asked/parts").asInt()).as("parts").isGreaterThan(20);
        assertThat(state.at("/asked/reloads").asInt()).as("blocking reloads").isGreaterThan(20);
        assertThat(state.path("behindSeconds").asDouble()).isLessThan(3);
      }
    }
  }
}
