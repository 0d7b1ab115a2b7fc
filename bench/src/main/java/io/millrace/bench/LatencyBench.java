package io.millrace.bench;

import static io.millrace.media.publish.BroadcastSettings.REAL_TIME;

import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How far behind the publisher's socket the picture in Chromium is. Millrace's watch page with low
 * latency on two nodes, the owner's and the other, for sources with keyframes every 1, 2 and 4 s,
 * and with plain HLS and segments of 4 s; hls.js as it comes with nginx and its RTMP module.
 */
public final class LatencyBench {
  private static final String STREAM = "latency";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration SETTLE = Duration.ofSeconds(10);
  private static final int START_SECONDS = 30;
  private static final List<String> ALL = List.of("1", "2", "4", "plain", "nginx");
  private static final Map<String, String> LOW_LATENCY = Map.of("millrace.hls.low-latency", "on");
  private static final Map<String, String> PLAIN = Map.of("millrace.hls.low-latency", "off");
  private static final int INGEST = 1;

  private final Duration measured;

  private LatencyBench(Duration measured) {
    this.measured = measured;
  }

  /**
   * Arguments: seconds measured of each, default 60; what to measure, default all: {@code 1},
   * {@code 2} and {@code 4} for low latency with keyframes every so many seconds, {@code plain},
   * {@code nginx}.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
    List<String> wanted = args.length > 1 ? List.of(args).subList(1, args.length) : ALL;
    LatencyBench bench = new LatencyBench(Duration.ofSeconds(seconds));
    System.out.println("Seconds behind the publisher's socket, of each picture shown");
    for (String what : wanted) {
      switch (what) {
        case "plain" -> bench.millrace("plain", 1, PLAIN);
        case "nginx" -> bench.nginx(1);
        default -> bench.millrace("low latency", Integer.parseInt(what), LOW_LATENCY);
      }
    }
  }

  private void millrace(String name, int keyframeSeconds, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path directory = Scratch.create("latency");
    ClusterOptions options = ClusterOptions.of(2, directory).withJvmDefaults();
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      options = options.withSetting(setting.getKey(), setting.getValue());
    }
    CodedVideo video = video(keyframeSeconds, 2);
    Path flv = flv(video);
    System.out.printf("Millrace, %s, keyframes every %d s%n", name, keyframeSeconds);
    try (ClusterFixture cluster = ClusterFixture.start(options);
        LatencyViewer viewer = LatencyViewer.open(page(cluster, INGEST));
        TestPublisher publisher =
            TestPublisher.once(cluster.rtmpUrl(INGEST, STREAM), flv, REAL_TIME)) {
      viewer.awaitPlaying();
      boolean ingestOwns = cluster.awaitOwner(STREAM, SOON) == INGEST;
      System.out.println("  " + viewer.start(publisher));
      report(ingestOwns ? "owner's node" : "other node", viewer, publisher, video);
      viewer.turnTo(page(cluster, 3 - INGEST));
      viewer.awaitPlaying();
      report(ingestOwns ? "other node" : "owner's node", viewer, publisher, video);
    } finally {
      Scratch.delete(directory);
    }
  }

  private static URI page(ClusterFixture cluster, int node) {
    return cluster.node(node).ready().http("/watch/" + STREAM);
  }

  private void nginx(int keyframeSeconds) throws IOException, InterruptedException {
    CodedVideo video = video(keyframeSeconds, 1);
    Path flv = flv(video);
    System.out.printf("nginx-rtmp, plain, keyframes every %d s%n", keyframeSeconds);
    try (NginxRtmp nginx = NginxRtmp.start();
        HlsJsPage page = HlsJsPage.serve(nginx.hls(), STREAM);
        LatencyViewer viewer = LatencyViewer.open(page.address());
        TestPublisher publisher = TestPublisher.once(nginx.rtmpUrl(STREAM), flv, REAL_TIME)) {
      viewer.awaitPlaying();
      System.out.println("  " + viewer.start(publisher));
      report("", viewer, publisher, video);
    }
  }

  private void report(String where, LatencyViewer viewer, TestPublisher publisher, CodedVideo video)
      throws IOException, InterruptedException {
    TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
    double[] seconds = viewer.measure(publisher, video.fps(), measured);
    System.out.printf(
        Locale.ROOT,
        "  %-13s p50 %.2f  p95 %.2f  p99 %.2f  longest %.2f of %d pictures; %s%n",
        where,
        seconds[seconds.length / 2],
        seconds[(int) (seconds.length * 0.95)],
        seconds[(int) (seconds.length * 0.99)],
        seconds[seconds.length - 1],
        seconds.length,
        viewer.player());
  }

  private CodedVideo video(int keyframeSeconds, int viewings) {
    int each = (int) SETTLE.plus(measured).toSeconds() + START_SECONDS;
    return CodedVideo.of(640, 360, viewings * each).withGopSeconds(keyframeSeconds);
  }

  private static Path flv(CodedVideo video) throws IOException {
    Path kept = Path.of(System.getProperty("millrace.home"), "bench", "target", "coded-video");
    return new CodedVideoFactory(kept).flv(video);
  }
}
