package io.millrace.bench;

import io.millrace.media.worker.BundledFfmpeg;
import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What it costs that a stream's owner is another node than the publisher's: CPU of the nodes for
 * passthrough streams (1080p30, 4.7 Mbit/s, ladder off) with the owner in the ingest's process and
 * over the data port. All nodes are counted, redis-server and the publishers are not.
 */
public final class RelayBench {
  private static final int WARM_UP_SECONDS = 60;
  private static final int MEASURED_SECONDS = 30;
  private static final int CLIP_SECONDS = 20;
  private static final Duration SEGMENT = Duration.ofSeconds(4);
  private static final Duration ACCEPTED = Duration.ofSeconds(60);

  private final byte[] clip;
  private final int streams;

  private RelayBench(byte[] clip, int streams) {
    this.clip = clip;
    this.streams = streams;
  }

  /** Argument: number of streams, default 20. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int streams = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    byte[] clip = Files.readAllBytes(Clip.make(BundledFfmpeg.ffmpeg(), CLIP_SECONDS));
    RelayBench bench = new RelayBench(clip, streams);
    double beside = bench.measure("owner in the ingest's process", "ingest,origin,edge", "edge");
    double apart = bench.measure("owner on another node", "ingest,edge", "origin,edge");
    System.out.printf(Locale.ROOT, "the hop: %.4f cores per stream%n", apart - beside);
  }

  /** Cores per stream of all nodes together. */
  private double measure(String name, String first, String second)
      throws IOException, InterruptedException {
    Path directory = Scratch.create("relay");
    ClusterOptions options =
        ClusterOptions.of(3, directory)
            .withHeap("1g")
            .withJvmDefaults()
            .withSetting("millrace.hls.low-latency", "off")
            .withSetting("millrace.relay.test-accept-log", "")
            .withRoles(1, first)
            .withRoles(2, second)
            .withRoles(3, "edge");
    double cores;
    try (ClusterFixture cluster = ClusterFixture.start(options);
        PublisherCrowd crowd =
            PublisherCrowd.start(
                clip, streams, number -> cluster.rtmpUrl(1, "relay-" + number), SEGMENT)) {
      Await.until("all are accepted", ACCEPTED, () -> crowd.openedSeconds().size() == streams);
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      cores = report(name, cluster);
      if (crowd.losses() > 0) {
        throw new IOException(crowd.losses() + " connections were lost (expected: none)");
      }
    }
    Scratch.delete(directory);
    return cores;
  }

  private double report(String name, ClusterFixture cluster) throws InterruptedException {
    double[] before = new double[cluster.size() + 1];
    for (int node : cluster.living()) {
      before[node] = cpuSeconds(cluster, node);
    }
    TimeUnit.SECONDS.sleep(MEASURED_SECONDS);
    double sum = 0;
    StringBuilder each = new StringBuilder();
    for (int node : cluster.living()) {
      double cores = (cpuSeconds(cluster, node) - before[node]) / MEASURED_SECONDS;
      each.append(String.format(Locale.ROOT, "  node %d %.3f", node, cores));
      sum += cores / streams;
    }
    System.out.printf(
        Locale.ROOT, "%s, %d streams: %.4f cores per stream;%s%n", name, streams, sum, each);
    return sum;
  }

  private static double cpuSeconds(ClusterFixture cluster, int node) {
    return Proc.cpuSeconds(List.of(cluster.node(node).pid()));
  }
}
