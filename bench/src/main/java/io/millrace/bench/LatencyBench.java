package io.millrace.bench;

import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How far behind the publisher's socket the picture in Chromium is, with hls.js: low latency on two
 * nodes, seen from the owner's and from the other, for sources with keyframes every 1, 2 and 4 s;
 * plain HLS with segments of 4 s of Millrace, and of nginx with the RTMP module.
 */
public final class LatencyBench {
  private static final String STREAM = "latency";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration SETTLE = Duration.ofSeconds(10);
  private static final int START_SECONDS = 30;
  private static final List<String> ALL = List.of("1", "2", "4", "plain", "nginx");
  private static final Map<String, String> LOW_LATENCY = Map.of("millrace.hls.low-latency", "on");
  private static final int INGEST = 1;

  /** Lets the player catch up after a stall; all else as it comes. */
  private static final String HLS_JS = "{maxLiveSyncPlaybackRate: 1.5}";

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
        case "plain" -> bench.millrace("plain", 1, Map.of());
        case "nginx" -> bench.nginx(1);
        default -> bench.millrace("low latency", Integer.parseInt(what), LOW_LATENCY);
      }
    }
  }

  private void millrace(String name, int keyframeSeconds, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path directory = Scratch.create("latency");
    ClusterOptions options = ClusterOptions.of(2, directory);
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      options = options.withSetting(setting.getKey(), setting.getValue());
    }
    CodedVideo video = video(keyframeSeconds, 2);
    try (ClusterFixture cluster = ClusterFixture.start(options);
        TestPublisher publisher =
            TestPublisher.once(
                cluster.rtmpUrl(INGEST, STREAM), flv(video), BroadcastSettings.REAL_TIME)) {
      int owner = cluster.awaitOwner(STREAM, SOON);
      for (int node = 1; node <= cluster.size(); node++) {
        URI playlist = cluster.node(node).ready().http("/hls/" + STREAM + "/index.m3u8");
        String where = node == owner ? "owner's node" : "other node";
        try (HlsJsPage page = HlsJsPage.play(playlist, HLS_JS)) {
          report("Millrace " + name, keyframeSeconds, where, page.address(), publisher, video);
        }
      }
    } finally {
      Scratch.delete(directory);
    }
  }

  private void nginx(int keyframeSeconds) throws IOException, InterruptedException {
    CodedVideo video = video(keyframeSeconds, 1);
    try (NginxRtmp nginx = NginxRtmp.start();
        TestPublisher publisher =
            TestPublisher.once(nginx.rtmpUrl(STREAM), flv(video), BroadcastSettings.REAL_TIME)) {
      Await.until(
          "nginx has a playlist", SOON, () -> Files.exists(nginx.hls().resolve(STREAM + ".m3u8")));
      try (HlsJsPage page = HlsJsPage.play(nginx.hls(), STREAM, HLS_JS)) {
        report("nginx-rtmp plain", keyframeSeconds, "", page.address(), publisher, video);
      }
    }
  }

  private void report(
      String name,
      int keyframeSeconds,
      String where,
      URI page,
      TestPublisher publisher,
      CodedVideo video)
      throws IOException, InterruptedException {
    double[] seconds =
        LatencyMeter.measure(page, publisher, video.fps(), SETTLE, measured).stream()
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    System.out.printf(
        Locale.ROOT,
        "  %-20s keyframes every %d s  %-13s p50 %.2f  p95 %.2f  p99 %.2f  longest %.2f  (%d)%n",
        name,
        keyframeSeconds,
        where,
        seconds[seconds.length / 2],
        seconds[(int) (seconds.length * 0.95)],
        seconds[(int) (seconds.length * 0.99)],
        seconds[seconds.length - 1],
        seconds.length);
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
