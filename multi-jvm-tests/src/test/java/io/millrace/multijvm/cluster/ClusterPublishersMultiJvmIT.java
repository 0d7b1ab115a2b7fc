package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.history.StreamHistory;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.publish.TestPublisher;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publishers that change nodes, fight, or are left alone. */
@Tag("cluster-faults")
@Timeout(300)
class ClusterPublishersMultiJvmIT {
  private static final CodedVideo VIDEO =
      CodedVideo.of(640, 360, 180).withGopSeconds(1).withBFrames(2);

  /** Longer than Pekko's default time after which an entity without messages is passivated. */
  private static final int LONGER_THAN_PASSIVATION_SECONDS = 130;

  private static ClusterFixture cluster;

  @BeforeAll
  static void startCluster() throws Exception {
    cluster = ClusterFixture.start(Clusters.quick(ClusterPublishersMultiJvmIT.class, 3));
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
  }

  @AfterEach
  void restore() throws Exception {
    cluster.restore();
  }

  @Test
  void shouldShowEveryFrameWhenThePublisherHopsFromNodeToNode() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "hops", VIDEO, 1)) {
      for (int node : new int[] {2, 3, 1}) {
        run.hopTo(node);
        run.awaitMoreSegments(2);
      }
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(4);
      run.verify(history, 3, 1);
    }
  }

  @Test
  void shouldNotPingPongWhenTwoEncodersFightForOneStream() throws Exception {
    BroadcastSettings stubborn =
        BroadcastSettings.REAL_TIME.withReconnect(1000, Duration.ofMillis(500));
    try (ClusterRun run = ClusterRun.start(cluster, "fight", VIDEO, 1);
        TestPublisher other =
            TestPublisher.once(
                cluster.rtmpUrl(2, "fight"), CodedVideoFactory.inTarget().flv(VIDEO), stubborn)) {
      run.recorder.reconnecting(true);
      other.awaitFrames((int) (25 * VIDEO.fps()), Duration.ofSeconds(90));
      int sessions = run.publisher.sessions() + other.sessions();
      other.abort();
      run.publisher.stop();
      StreamHistory history = run.awaitEnded();

      assertThat(sessions).as("%s and %s", run.publisher.events(), other.events()).isBetween(2, 7);
      run.verifyPlaylists(history, history.best().renditions().get(0).discontinuities().size(), 1);
    }
  }

  @Test
  void shouldStillBeOwnedWhenNobodyAsksForLongerThanThePassivationTime() throws Exception {
    try (TestPublisher publisher =
        TestPublisher.once(
            cluster.rtmpUrl(2, "quiet"),
            CodedVideoFactory.inTarget().flv(VIDEO),
            BroadcastSettings.REAL_TIME)) {
      cluster.awaitState("quiet", "live", ClusterRun.SOON);
      JsonNode before = cluster.node(1).json("/api/v1/streams/quiet");
      publisher.awaitFrames(
          (int) (LONGER_THAN_PASSIVATION_SECONDS * VIDEO.fps()), Duration.ofSeconds(200));
      JsonNode after = cluster.node(1).json("/api/v1/streams/quiet");

      assertThat(publisher.sessions()).isEqualTo(1);
      assertThat(after.path("state").asText()).isEqualTo("live");
      assertThat(after.path("epoch")).isEqualTo(before.path("epoch"));
      assertThat(after.path("owner")).isEqualTo(before.path("owner"));
      long segments =
          after.path("renditions").get(0).path("mediaSequence").asLong()
              - before.path("renditions").get(0).path("mediaSequence").asLong();
      assertThat(segments).isGreaterThan(LONGER_THAN_PASSIVATION_SECONDS / 2 - 10);
    }
  }
}
