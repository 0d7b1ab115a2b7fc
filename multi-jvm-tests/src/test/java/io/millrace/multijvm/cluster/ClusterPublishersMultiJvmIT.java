package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.history.StreamHistory;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.publish.TestPublisher;
import io.millrace.testkit.redis.RedisProbe;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publishers that change nodes, fight, or are left alone. */
@Tag("cluster-faults")
@Tag("long-faults")
@Timeout(300)
class ClusterPublishersMultiJvmIT extends OwnClusterTest {
  /** After which Pekko would stop an entity that gets no message, if it were let. */
  private static final int PASSIVATION_SECONDS = 3;

  private static final int QUIET_SECONDS = 20;
  private static final int RETENTION_SECONDS = 10;
  private static final int HOUR_SECONDS = 3600;

  /** Two encoders take a stream from each other no more often. */
  private static final int TAKE_OVER_SECONDS = 10;

  private static final double FPS = Clusters.VIDEO.fps();

  @BeforeAll
  static void startCluster() throws Exception {
    cluster =
        ClusterFixture.start(
            Clusters.quick(ClusterPublishersMultiJvmIT.class, 3)
                .withSetting("millrace.stream.retention", RETENTION_SECONDS + "s")
                .withSetting(
                    "pekko.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout",
                    PASSIVATION_SECONDS + "s"));
  }

  @Test
  void shouldShowEveryFrameWhenThePublisherHopsFromNodeToNode() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "hops", 1)) {
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
    try (ClusterRun run = ClusterRun.start(cluster, "fight", 1)) {
      run.awaitSeconds(TAKE_OVER_SECONDS);
      run.recorder.reconnecting(true);
      Instant start = Instant.now();
      try (TestPublisher other = stubborn(cluster.rtmpUrl(2, run.stream))) {
        other.awaitFrames((int) (1.3 * TAKE_OVER_SECONDS * FPS), Duration.ofSeconds(90));
        int sessions = run.publisher.sessions() + other.sessions();
        long most = 2 + Duration.between(start, Instant.now()).toSeconds() / TAKE_OVER_SECONDS;
        other.abort();
        run.publisher.stop();

        assertThat(sessions)
            .as("%s and %s", run.publisher.events(), other.events())
            .isBetween(4, (int) most);
      }
      StreamHistory history = run.awaitEnded();

      run.verifyPlaylists(history, history.best().renditions().get(0).discontinuities().size(), 1);
    }
  }

  /** Comes back at once whenever it is put out. */
  private static TestPublisher stubborn(String url) throws IOException {
    return TestPublisher.once(
        url,
        CodedVideoFactory.inTarget().flv(Clusters.VIDEO),
        BroadcastSettings.REAL_TIME.withReconnect(1000, Duration.ofMillis(500)));
  }

  @Test
  void shouldStillBeOwnedWhenNobodyAsksForLongerThanAnIdleEntityLives() throws Exception {
    try (TestPublisher publisher =
        TestPublisher.once(
            cluster.rtmpUrl(2, "quiet"),
            CodedVideoFactory.inTarget().flv(Clusters.VIDEO),
            BroadcastSettings.REAL_TIME)) {
      cluster.awaitState("quiet", "live", ClusterRun.SOON);
      JsonNode before = cluster.node(1).json("/api/v1/streams/quiet");
      publisher.awaitFrames(publisher.sent().size() + (int) (QUIET_SECONDS * FPS), ClusterRun.SOON);
      JsonNode after = cluster.node(1).json("/api/v1/streams/quiet");

      assertThat(publisher.sessions()).isEqualTo(1);
      assertThat(after.path("state").asText()).isEqualTo("live");
      assertThat(after.path("epoch")).isEqualTo(before.path("epoch"));
      assertThat(after.path("owner")).isEqualTo(before.path("owner"));
      long segments =
          after.path("renditions").path(0).path("mediaSequence").asLong()
              - before.path("renditions").path(0).path("mediaSequence").asLong();
      assertThat(segments).isGreaterThan(QUIET_SECONDS / 2 - 4);
    }
  }

  @Test
  void shouldTellPeopleInRedisOfAStreamFromItsStartUntilAfterItsEnd() throws Exception {
    String stream = "in-redis";
    String key = "millrace:{" + stream + "}:info";
    Instant before = Instant.now().minusSeconds(1);
    try (RedisProbe redis = cluster.redis().probe()) {
      Map<String, String> live;
      try (TestPublisher publisher =
          TestPublisher.once(
              cluster.rtmpUrl(2, stream),
              CodedVideoFactory.inTarget().flv(Clusters.VIDEO),
              BroadcastSettings.REAL_TIME)) {
        cluster.awaitState(stream, "live", ClusterRun.SOON);
        live =
            Await.value(
                "somebody watches",
                ClusterRun.SOON,
                () -> {
                  cluster.node(3).get("/hls/" + stream + "/source/index.m3u8");
                  return Optional.of(redis.hash(key))
                      .filter(info -> "1".equals(info.get("viewers")));
                });
        assertThat(live)
            .containsEntry("status", "LIVE")
            .containsEntry("owner", "node-" + cluster.awaitOwner(stream, ClusterRun.SOON))
            .containsEntry("epoch", "1");
        assertThat(live.get("qualities").split(",")).contains("source");
        assertThat(Instant.parse(live.get("startedAt"))).isBetween(before, Instant.now());
        assertThat(Integer.parseInt(live.get("slot"))).isBetween(0, 255);
        assertThat(redis.command("SISMEMBER", "millrace:live", stream)).isEqualTo(1L);
        publisher.stop();
      }
      awaitStatus(redis, key, "RECONNECTING");
      Map<String, String> ended = awaitStatus(redis, key, "ENDED");
      for (String same : List.of("startedAt", "qualities", "owner", "epoch", "slot")) {
        assertThat(ended).containsEntry(same, live.get(same));
      }
      // The set is another key, maybe on another Redis: it follows the entry a moment later.
      Await.until(
          "no longer among the live ones",
          ClusterRun.SOON,
          () -> redis.command("SISMEMBER", "millrace:live", stream).equals(0L));
      long expiry =
          Await.value(
              "the entry expires",
              ClusterRun.SOON,
              () -> Optional.of((Long) redis.command("TTL", key)).filter(ttl -> ttl >= 0));
      assertThat(expiry).isBetween(HOUR_SECONDS - 60L, (long) HOUR_SECONDS);
      assertThat(redis.hash(key)).containsEntry("status", "ENDED").containsEntry("viewers", "0");
    }
  }

  private static Map<String, String> awaitStatus(RedisProbe redis, String key, String status) {
    return Await.value(
        "status " + status,
        ClusterRun.SOON,
        () -> Optional.of(redis.hash(key)).filter(info -> status.equals(info.get("status"))));
  }
}
