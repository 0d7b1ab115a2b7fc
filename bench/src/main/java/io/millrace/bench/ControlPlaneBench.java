package io.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.media.worker.BundledFfmpeg;
import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.redis.RedisProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Many streams of tiny media (64x64, one frame per second) on a cluster of three nodes, without
 * transcoding; all publishers are on nodes 2 and 3, so that node 1 can be killed without touching
 * one. The publishers run in this process.
 */
public final class ControlPlaneBench {
  private static final Duration ALL_LIVE = Duration.ofMinutes(5);
  private static final Duration REHOMED = Duration.ofSeconds(60);
  private static final int KILLED = 1;
  private static final int MEASURED_SECONDS = 20;

  /** Between two looks at all streams; asking more often would be what is measured. */
  private static final long LOOK_INTERVAL_MS = 400;

  private final ClusterFixture cluster;
  private final int streams;

  private ControlPlaneBench(ClusterFixture cluster, int streams) {
    this.cluster = cluster;
    this.streams = streams;
  }

  /** Argument: number of streams, default 1000. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int streams = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    Path directory = Scratch.create("control-plane");
    ClusterOptions options =
        ClusterOptions.of(3, directory)
            .withHeap("1g")
            .withSetting("millrace.rtmp.max-connections-per-address", 5000);
    try (ClusterFixture cluster = ClusterFixture.start(options)) {
      new ControlPlaneBench(cluster, streams).run(tinyClip(directory));
    } finally {
      Scratch.delete(directory);
    }
  }

  private void run(byte[] clip) throws IOException, InterruptedException {
    long heapBefore = heapBytes();
    Instant start = Instant.now();
    try (PublisherCrowd crowd = PublisherCrowd.start(clip, streams, this::url)) {
      Await.until("all streams are live", ALL_LIVE, () -> owned(cluster.living()) == streams);
      print("all %d streams live after         %.1f s", streams, secondsSince(start));
      print("longest wait of one publisher     %.1f s", crowd.longestOpenSeconds());
      print("Redis operations per second       %.0f", redisOperationsPerSecond());
      print("heap per stream                   %.0f KiB", heapPerStreamKib(heapBefore));
      killOne();
    }
  }

  private void killOne() throws IOException, InterruptedException {
    long moved = ownedBy(KILLED);
    Instant fault = Instant.now();
    cluster.kill(KILLED);
    Await.until(
        "all streams have a living owner", REHOMED, () -> owned(cluster.living()) == streams);
    print("%d streams of a killed node owned again after %.1f s", moved, secondsSince(fault));
  }

  private String url(int number) {
    return cluster.rtmpUrl(2 + number % 2, "tiny-" + number);
  }

  /** Streams that node 3 sees live under one of these owners. */
  private long owned(List<Integer> nodes) throws IOException, InterruptedException {
    Thread.sleep(LOOK_INTERVAL_MS);
    return nodes.stream().map(node -> "node-" + node).mapToLong(new Owners(cluster)::count).sum();
  }

  private long ownedBy(int node) throws IOException, InterruptedException {
    return new Owners(cluster).count("node-" + node);
  }

  /** One look at the streams' owners. */
  private static final class Owners {
    private final JsonNode streams;

    Owners(ClusterFixture cluster) throws IOException, InterruptedException {
      streams = cluster.node(3).json("/api/v1/streams").path("streams");
    }

    long count(String owner) {
      long count = 0;
      for (JsonNode stream : streams) {
        boolean live = stream.path("state").asText().equals("live");
        count += live && stream.path("owner").asText().equals(owner) ? 1 : 0;
      }
      return count;
    }
  }

  private double redisOperationsPerSecond() throws InterruptedException {
    try (RedisProbe redis = cluster.redis().probe()) {
      long before = commands(redis);
      Thread.sleep(MEASURED_SECONDS * 1000L);
      return (double) (commands(redis) - before) / MEASURED_SECONDS;
    }
  }

  private static long commands(RedisProbe redis) {
    String info = (String) redis.command("INFO", "stats");
    return info.lines()
        .filter(line -> line.startsWith("total_commands_processed:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }

  private long heapBytes() throws IOException, InterruptedException {
    long bytes = 0;
    for (int number : cluster.living()) {
      NodeProcess node = cluster.node(number);
      bytes += node.heapAfterGcBytes();
    }
    return bytes;
  }

  private double heapPerStreamKib(long before) throws IOException, InterruptedException {
    return (heapBytes() - before) / 1024.0 / streams;
  }

  private static byte[] tinyClip(Path directory) throws IOException, InterruptedException {
    Path clip = directory.resolve("tiny.flv");
    Process ffmpeg =
        new ProcessBuilder(
                (BundledFfmpeg.ffmpeg()
                        + " -v error -y -f lavfi -i color=c=gray:s=64x64:r=1 -t 20 -c:v libx264"
                        + " -preset ultrafast -pix_fmt yuv420p -g 2 -keyint_min 2 -sc_threshold 0"
                        + " -f flv "
                        + clip)
                    .split(" ", -1))
            .inheritIO()
            .start();
    if (ffmpeg.waitFor() != 0) {
      throw new IOException("ffmpeg could not make the clip");
    }
    return Files.readAllBytes(clip);
  }

  private static double secondsSince(Instant start) {
    return Duration.between(start, Instant.now()).toMillis() / 1000.0;
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
