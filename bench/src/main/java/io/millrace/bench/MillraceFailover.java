package io.millrace.bench;

import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.browser.ChromiumPage;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.history.ClusterRecorder;
import io.millrace.testkit.history.SegmentListed;
import io.millrace.testkit.history.StreamHistory;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.RecordingVerifier;
import io.millrace.testkit.hls.ShownFrame;
import io.millrace.testkit.publish.TestPublisher;
import io.millrace.testkit.redis.RedisProbe;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The owner of a stream is killed, started again, and the next owner is killed. The node with the
 * publisher and the player owns nothing, so that every kill is one of an owner.
 */
final class MillraceFailover {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int INGEST = 2;
  private static final String STREAM = "failover";

  private final CodedVideo video;
  private final Path flv;
  private final int kills;
  private final Random random = new Random();
  private final List<Instant> faults = new ArrayList<>();
  private final List<Double> untilOwned = new ArrayList<>();
  private final List<Double> stalls = new ArrayList<>();

  MillraceFailover(CodedVideo video, Path flv, int kills) {
    this.video = video;
    this.flv = flv;
    this.kills = kills;
  }

  FailoverResult run() throws IOException, InterruptedException {
    Path directory = Scratch.create("failover");
    ClusterOptions options =
        ClusterOptions.of(3, directory)
            .withJvmDefaults()
            .withRoles(INGEST, "ingest,edge")
            .withSetting("millrace.hls.low-latency", "off")
            .withSetting("millrace.relay.test-accept-log", "");
    FailoverResult result;
    try (ClusterFixture cluster = ClusterFixture.start(options);
        RedisProbe redis = cluster.redis().probe();
        TestPublisher publisher =
            TestPublisher.once(cluster.rtmpUrl(INGEST, STREAM), flv, BroadcastSettings.REAL_TIME);
        ClusterRecorder recorder =
            ClusterRecorder.start(STREAM, roots(cluster), directory.resolve("recording"))) {
      recorder.awaitSegments(4, SOON);
      killOwners(cluster, recorder, new StreamHashes(redis));
      recorder.reconnecting(true);
      publisher.stop();
      recorder.awaitSeconds(publisher.sent().size() / video.fps() - 0.05, SOON);
      result = result(recorder.stop(), publisher);
    }
    Scratch.delete(directory);
    return result;
  }

  private void killOwners(ClusterFixture cluster, ClusterRecorder recorder, StreamHashes hashes)
      throws IOException, InterruptedException {
    URI page = cluster.node(INGEST).ready().http("/watch/" + STREAM);
    Optional<StallMeter> player =
        ChromiumPage.program().isPresent() ? Optional.of(StallMeter.open(page)) : Optional.empty();
    try {
      for (int kill = 1; kill <= kills; kill++) {
        double before = stalled(player);
        killOwner(cluster, recorder, hashes);
        stalls.add(stalled(player) - before);
        System.out.println("kill " + kill + " of " + kills);
      }
    } finally {
      player.ifPresent(StallMeter::close);
    }
    if (player.isEmpty()) {
      stalls.clear();
    }
  }

  private void killOwner(ClusterFixture cluster, ClusterRecorder recorder, StreamHashes hashes)
      throws IOException, InterruptedException {
    int owner = cluster.awaitOwner(STREAM, SOON);
    String authority = cluster.node(owner).ready().http("/").getAuthority();
    Thread.sleep(random.nextInt(4000));
    recorder.away(authority);
    faults.add(Instant.now());
    cluster.kill(owner);
    untilOwned.add(untilOwnedAgain(hashes));
    recorder.awaitSegments(recorder.segments() + 2, SOON);
    cluster.startAgain(owner);
    recorder.back(authority, SOON);
    recorder.awaitSegments(recorder.segments() + 1, SOON);
  }

  private double untilOwnedAgain(StreamHashes hashes) {
    String before = hashes.epoch(STREAM);
    Await.until("owned again", SOON, () -> !hashes.epoch(STREAM).equals(before));
    return seconds(Duration.between(faults.get(faults.size() - 1), Instant.now()));
  }

  private static double stalled(Optional<StallMeter> player) throws IOException {
    return player.isPresent() ? player.get().stalledSeconds() : 0;
  }

  private FailoverResult result(StreamHistory history, TestPublisher publisher) {
    List<Double> untilListed = new ArrayList<>();
    List<Double> gaps = new ArrayList<>();
    for (Instant fault : faults) {
      untilListed.add(seconds(history.untilNewEpochListed(fault)));
      gaps.add(gapAround(history, fault));
    }
    Set<Integer> shown = new HashSet<>();
    for (ShownFrame frame : RecordingVerifier.frames(history.best().video().get(0))) {
      shown.add(frame.reading().number());
    }
    List<Integer> sent = publisher.numbers(1, video.fps());
    long lost = sent.stream().filter(number -> !shown.contains(number)).count();
    return new FailoverResult("Millrace", untilOwned, untilListed, gaps, stalls, sent.size(), lost);
  }

  /** On the publisher's node, which is never killed. */
  private static double gapAround(StreamHistory history, Instant fault) {
    String present =
        history.recordings().keySet().stream()
            .filter(node -> !history.away().contains(node))
            .findFirst()
            .orElseThrow();
    Instant before = null;
    for (SegmentListed listed : history.growths()) {
      if (listed.node().equals(present) && listed.rendition().equals("source")) {
        if (listed.at().isAfter(fault) && before != null) {
          return seconds(Duration.between(before, listed.at()));
        }
        before = listed.at();
      }
    }
    throw new IllegalStateException("no segment after " + fault);
  }

  private static List<URI> roots(ClusterFixture cluster) {
    return IntStream.rangeClosed(1, cluster.size())
        .mapToObj(node -> cluster.node(node).ready().http("/"))
        .toList();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
