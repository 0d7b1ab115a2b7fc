package io.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.media.worker.BundledFfmpeg;
import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.redis.RedisProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Many streams of tiny media (64x64, one frame per second) on a cluster of three nodes, without
 * transcoding, all publishers at once. They are on nodes 2 and 3, so that node 1, where the
 * cluster's singletons are, can be killed without touching one. The publishers run in this process,
 * on the same machine.
 */
public final class ControlPlaneBench {
  private static final Duration ALL_LIVE = Duration.ofMinutes(3);
  private static final Duration CLUSTER_AT_REST = Duration.ofSeconds(60);
  private static final double REHOMED_SECONDS = 60;
  private static final int KILLED = 1;
  private static final int MEASURED_SECONDS = 20;

  /** Windows are full, and the JVMs have compiled what runs often. */
  private static final int WARM_UP_SECONDS = 45;

  /** Asking for all streams more often would be what is measured. */
  private static final long LOOK_INTERVAL_MS = 1000;

  private final ClusterFixture cluster;
  private final List<String> streams;
  private final List<Long> pids;

  private ControlPlaneBench(ClusterFixture cluster, int streams) {
    this.cluster = cluster;
    this.streams = IntStream.range(0, streams).mapToObj(number -> "tiny-" + number).toList();
    this.pids = cluster.living().stream().map(number -> cluster.node(number).pid()).toList();
  }

  /** Argument: number of streams, default 1000. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int streams = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    Path directory = Scratch.create("control-plane");
    byte[] clip = tinyClip(directory);
    ClusterOptions options =
        ClusterOptions.of(3, directory)
            .withHeap("1g")
            .withJvmDefaults()
            .withSetting("millrace.hls.low-latency", "off")
            .withSetting("millrace.relay.test-accept-log", "")
            .withSetting("millrace.rtmp.max-connections-per-address", 5000);
    try (ClusterFixture cluster = ClusterFixture.start(options)) {
      new ControlPlaneBench(cluster, streams).run(clip);
    }
    Scratch.delete(directory);
  }

  private void run(byte[] clip) throws IOException, InterruptedException {
    Await.until("every slot has a home", CLUSTER_AT_REST, this::everySlotHasAHome);
    long heapBefore = heapBytes();
    double residentBefore = Proc.residentMib(pids);
    try (PublisherCrowd crowd = PublisherCrowd.start(clip, streams.size(), this::url);
        RedisProbe redis = cluster.redis().probe()) {
      Await.until("all are accepted", ALL_LIVE, () -> opened(crowd) == streams.size());
      print("accepted after                    %s s", text(crowd.openedSeconds(), "%.1f"));
      print("refused meanwhile                 %d", crowd.refusals());
      Await.until("all streams are live", ALL_LIVE, () -> live() == streams.size());
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      steady(redis);
      double perStream = 1024.0 / streams.size();
      print("heap per stream                   %.0f KiB", kib(heapBytes() - heapBefore));
      print(
          "resident per stream               %.0f KiB",
          (Proc.residentMib(pids) - residentBefore) * perStream);
      print("threads of the nodes              %d", Proc.threads(pids));
      killOne(redis);
      print("publishers that lost their connection  %d", crowd.losses());
    }
  }

  private static int opened(PublisherCrowd crowd) {
    return crowd.openedSeconds().size();
  }

  private boolean everySlotHasAHome() throws IOException, InterruptedException {
    JsonNode info = cluster.node(2).json("/api/v1/cluster");
    int homes = 0;
    for (JsonNode member : info.path("members")) {
      homes += member.path("load").path("slots").asInt();
    }
    return homes == info.path("slots").asInt();
  }

  private void steady(RedisProbe redis) throws InterruptedException {
    List<Long> redisPid = List.of(cluster.redis().pid());
    RedisLoad loadBefore = RedisLoad.of(redis);
    double nodesBefore = Proc.cpuSeconds(pids);
    double redisBefore = Proc.cpuSeconds(redisPid);
    TimeUnit.SECONDS.sleep(MEASURED_SECONDS);
    double seconds = MEASURED_SECONDS;
    RedisLoad load = RedisLoad.of(redis).since(loadBefore);
    print(
        "cores of three nodes, of Redis    %.2f, %.2f",
        (Proc.cpuSeconds(pids) - nodesBefore) / seconds,
        (Proc.cpuSeconds(redisPid) - redisBefore) / seconds);
    print(
        "Redis commands per second         %.0f, in scripts or alone; %.0f scripts",
        load.commands() / seconds, load.scripts() / seconds);
  }

  private void killOne(RedisProbe redis) throws IOException, InterruptedException {
    Rehoming rehoming = new Rehoming(redis, "node-" + KILLED, streams);
    long fault = System.nanoTime();
    cluster.kill(KILLED);
    rehoming.await(fault, REHOMED_SECONDS);
    print("a node with %d streams killed:", rehoming.streams());
    print("  owned again after               %s s", text(rehoming.claimed(), "%.1f"));
    print("  first new segment stored after  %s s", text(rehoming.stored(), "%.1f"));
    Await.until("all streams are live", ALL_LIVE, () -> live() == streams.size());
  }

  private String url(int number) {
    return cluster.rtmpUrl(2 + number % 2, streams.get(number));
  }

  /** Streams that node 3 sees live under an owner that lives. */
  private long live() throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(LOOK_INTERVAL_MS);
    List<String> living = cluster.living().stream().map(number -> "node-" + number).toList();
    long count = 0;
    for (JsonNode stream : cluster.node(3).json("/api/v1/streams").path("streams")) {
      boolean live = stream.path("state").asText().equals("live");
      count += live && living.contains(stream.path("owner").asText()) ? 1 : 0;
    }
    return count;
  }

  private long heapBytes() throws IOException, InterruptedException {
    long bytes = 0;
    for (int number : cluster.living()) {
      bytes += cluster.node(number).heapAfterGcBytes();
    }
    return bytes;
  }

  private double kib(long bytes) {
    return bytes / 1024.0 / streams.size();
  }

  private static byte[] tinyClip(Path directory) throws IOException, InterruptedException {
    Path clip = directory.resolve("tiny.flv");
    List<String> command = new ArrayList<>();
    command.add(BundledFfmpeg.ffmpeg().toString());
    command.addAll(
        List.of(
            ("-v error -y -f lavfi -i color=c=gray:s=64x64:r=1 -t 20 -c:v libx264"
                    + " -preset ultrafast -pix_fmt yuv420p -g 2 -keyint_min 2 -sc_threshold 0"
                    + " -f flv")
                .split(" ", -1)));
    command.add(clip.toString());
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException("ffmpeg could not make the clip");
    }
    return Files.readAllBytes(clip);
  }

  private static String text(List<Double> values, String format) {
    return Figures.of(values).text(format);
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
