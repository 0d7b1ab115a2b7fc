package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.history.StreamHistory;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults that players with low latency live through, with one small rung. */
@Tag("cluster-faults")
@Tag("long-faults")
@Timeout(180)
class LowLatencyFaultsMultiJvmIT extends OwnClusterTest {
  private static final int INGEST = 2;
  private static final List<String> RENDITIONS = List.of("source", "240p", "audio");
  private static final double SEGMENT_SECONDS = 2;

  /** PART-TARGET is 355 ms. */
  private static final double PART_SECONDS = 0.355;

  /** Of three target durations. */
  private static final Duration PARKED = Duration.ofSeconds(6);

  /** Of one and a half, while the publisher is away. */
  private static final Duration PARKED_AWAY = Duration.ofSeconds(3);

  /** Polling for the owner, and a machine that does other things, too. */
  private static final double SLACK_SECONDS = 1;

  private static final int SOME_PARTS = 9;

  @BeforeAll
  static void startCluster() throws Exception {
    ClusterOptions options =
        Clusters.quick(LowLatencyFaultsMultiJvmIT.class, 3)
            .withSetting("millrace.hls.low-latency", true)
            // As without any setting: the next owner's worker is there.
            .withSetting("millrace.transcode.worker.spares", 1)
            .withSetting("millrace.stream.reconnect-grace", "10s");
    cluster = ClusterFixture.start(Clusters.withRung(options));
  }

  @Test
  void shouldListTheSegmentInFlightWholeWhenTheOwnerIsKilled() throws Exception {
    try (ClusterRun run = ownedApartFromIngest();
        LowLatencyAudience audience = LowLatencyAudience.start(cluster, run.stream, RENDITIONS)) {
      int owner = run.owner();
      List<Integer> survivors = cluster.livingWithout(owner);
      audience.awaitMoreParts(cluster.living(), SOME_PARTS, ClusterRun.SOON);
      run.awaitRandomMoment();
      List<PartsInFlight> inFlight = lookAt(survivors, run.stream);
      audience.leave(owner);
      Instant killed = Instant.now();
      run.kill(owner);
      for (PartsInFlight segment : inFlight) {
        segment.lookAgain();
      }
      inFlight.forEach(PartsInFlight::reloadBeyond);
      run.awaitOtherOwner(owner);
      double detection = seconds(killed, Instant.now());
      audience.awaitMoreParts(survivors, SOME_PARTS, ClusterRun.SOON);
      for (PartsInFlight segment : inFlight) {
        segment.verifyReloads(PARKED);
        segment.verifyMadeWhole();
      }
      double stall = audience.longestWait(killed).toMillis() / 1e3 - PART_SECONDS;
      double rest = inFlight.get(0).rest(SEGMENT_SECONDS);
      System.out.printf(
          "%s: stall %.2f s; next owner after %.2f s, rest of the segment %.2f s%n",
          run.stream, stall, detection, rest);
      StreamHistory history = run.finish();

      audience.verify();
      run.verify(history, 0, 2);
      assertThat(stall).isLessThan(detection + rest + PART_SECONDS + SLACK_SECONDS);
    }
  }

  @Test
  void shouldGoOnWithPartsWhenTheIngestIsKilled() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "low-ingest", INGEST);
        LowLatencyAudience audience = LowLatencyAudience.start(cluster, run.stream, RENDITIONS)) {
      int owner = run.owner();
      audience.awaitMoreParts(cluster.living(), SOME_PARTS, ClusterRun.SOON);
      run.publishTo(owner == 1 ? 3 : 1);
      run.awaitRandomMoment();
      run.recorder.reconnecting(true);
      audience.leave(INGEST);
      run.kill(INGEST);
      run.publisher.awaitSession(2, ClusterRun.SOON);
      audience.awaitMoreParts(cluster.livingWithout(INGEST), SOME_PARTS, ClusterRun.SOON);
      StreamHistory history = run.finish();

      audience.verify();
      run.verify(history, 1, 1, ClusterRun.UNRELAYED);
    }
  }

  @Test
  void shouldAnswerReloadsInTimeWhenThePublisherIsAway() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "low-away", INGEST);
        LowLatencyAudience audience = LowLatencyAudience.start(cluster, run.stream, RENDITIONS)) {
      audience.awaitMoreParts(cluster.living(), SOME_PARTS, ClusterRun.SOON);
      run.loseTheWayIn();
      List<PartsInFlight> away = lookAt(cluster.living(), run.stream);
      away.forEach(PartsInFlight::reloadBeyond);
      for (PartsInFlight segment : away) {
        segment.verifyReloads(PARKED_AWAY);
      }
      run.publishTo(INGEST);
      run.publisher.awaitSession(2, ClusterRun.SOON);
      audience.awaitMoreParts(cluster.living(), SOME_PARTS, ClusterRun.SOON);
      StreamHistory history = run.finish();

      audience.verify();
      run.verify(history, 1, 1);
    }
  }

  /** The placement of a first stream is not up to the test; one of some names will do. */
  private static ClusterRun ownedApartFromIngest() throws Exception {
    for (String name : List.of("a", "b", "c", "d")) {
      ClusterRun run = ClusterRun.start(cluster, "low-owner-" + name, INGEST);
      if (run.owner() != INGEST) {
        return run;
      }
      run.close();
    }
    throw new AssertionError("every stream is owned by its ingest");
  }

  private static List<PartsInFlight> lookAt(List<Integer> nodes, String stream) throws Exception {
    List<PartsInFlight> all = new ArrayList<>();
    for (int node : nodes) {
      for (String rendition : RENDITIONS) {
        URI uri = cluster.node(node).ready().http("/hls/" + stream + "/" + rendition);
        all.add(PartsInFlight.at(URI.create(uri + "/index.m3u8")));
      }
    }
    return all;
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1e3;
  }
}
