package io.millrace.bench;

import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.browser.ChromiumPage;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.publish.SentFrame;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The only server is killed and started again at once; the publisher connects again. */
final class NginxFailover {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String STREAM = "failover";

  private final CodedVideo video;
  private final Path flv;
  private final int kills;
  private final Random random = new Random();
  private final List<Double> untilListed = new ArrayList<>();
  private final List<Double> gaps = new ArrayList<>();
  private final List<Double> stalls = new ArrayList<>();
  private NginxRtmp nginx;

  NginxFailover(CodedVideo video, Path flv, int kills) {
    this.video = video;
    this.flv = flv;
    this.kills = kills;
  }

  FailoverResult run() throws IOException, InterruptedException {
    nginx = NginxRtmp.start();
    BroadcastSettings settings =
        BroadcastSettings.REAL_TIME.withReconnect(1000, Duration.ofMillis(500));
    try (TestPublisher publisher = TestPublisher.once(nginx.rtmpUrl(STREAM), flv, settings);
        FragmentWatch fragments = FragmentWatch.start(nginx.hls(), STREAM);
        HlsJsPage page = HlsJsPage.serve(nginx.hls(), STREAM)) {
      fragments.awaitCount(4, SOON);
      killAll(fragments, page);
      publisher.stop();
      long taken = framesTaken(publisher.sent());
      fragments.awaitQuiet(Duration.ofSeconds(6), SOON);
      return new FailoverResult(
          "nginx-rtmp",
          List.of(),
          untilListed,
          gaps,
          stalls,
          taken,
          taken - fragments.videoFrames());
    } finally {
      nginx.close();
    }
  }

  /** The publisher's file rests while it has no connection; a camera would not. */
  private long framesTaken(List<SentFrame> sent) {
    long nanos = sent.get(sent.size() - 1).nanoTime() - sent.get(0).nanoTime();
    return Math.round(nanos / 1e9 * video.fps()) + 1;
  }

  private void killAll(FragmentWatch fragments, HlsJsPage page)
      throws IOException, InterruptedException {
    Optional<StallMeter> player =
        ChromiumPage.program().isPresent()
            ? Optional.of(StallMeter.open(page.address()))
            : Optional.empty();
    try {
      for (int kill = 1; kill <= kills; kill++) {
        double before = player.isPresent() ? player.get().stalledSeconds() : 0;
        killOnce(fragments);
        if (player.isPresent()) {
          stalls.add(player.get().stalledSeconds() - before);
        }
        System.out.println("kill " + kill + " of " + kills);
      }
    } finally {
      player.ifPresent(StallMeter::close);
    }
  }

  private void killOnce(FragmentWatch fragments) throws IOException, InterruptedException {
    Thread.sleep(random.nextInt(4000));
    Instant fault = Instant.now();
    nginx.kill();
    nginx = nginx.startAgain();
    // It takes a fragment's length until the new one can have listed anything.
    int count = fragments.count();
    Instant last = fragments.lastAt();
    Instant next =
        Await.value(
            "a new fragment is listed",
            SOON,
            () -> fragments.count() > count ? Optional.of(fragments.at(count)) : Optional.empty());
    untilListed.add(seconds(fault, next));
    gaps.add(seconds(last, next));
    fragments.awaitCount(count + 4, SOON);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }
}
