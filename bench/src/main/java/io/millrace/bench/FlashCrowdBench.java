package io.millrace.bench;

import static io.millrace.bench.crowd.CrowdClient.HOLDS;

import io.millrace.bench.crowd.CrowdClient;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.publish.TestPublisher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Viewers who all come within 10 s and each stay 30 s, on one node: errors, time until they play,
 * what comes late, cost of both sides. The node and the crowd share the machine's cores.
 */
public final class FlashCrowdBench {
  private static final String STREAM = "crowd";
  private static final int ARRIVAL_SECONDS = 10;
  private static final int STAY_SECONDS = 30;
  private static final int VIDEO_KBPS = 100;
  private static final int CLIP_SECONDS = 60;
  private static final int SPARE_DESCRIPTORS = 500;
  private static final Duration SOON = Duration.ofSeconds(60);

  private final boolean lowLatency;
  private final int viewers;
  private final String part;
  private final boolean cold;

  private FlashCrowdBench(boolean lowLatency, int viewers, String part, boolean cold) {
    this.lowLatency = lowLatency;
    this.viewers = viewers;
    this.part = part;
    this.cold = cold;
  }

  /**
   * Arguments: {@code plain} or {@code low-latency}, default plain; viewers, default 10000; part
   * duration, default 333ms; {@code cold}: they come to a node that nobody has watched yet.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean lowLatency = args.length > 0 && args[0].equals("low-latency");
    int viewers = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    String part = args.length > 2 ? args[2] : "333ms";
    boolean cold = args.length > 3 && args[3].equals("cold");
    new FlashCrowdBench(lowLatency, viewers, part, cold).run();
  }

  private void run() throws IOException, InterruptedException {
    requireDescriptors();
    Path directory = Scratch.create("flash-crowd");
    CodedVideo video =
        CodedVideo.of(320, 180, CLIP_SECONDS).withBitrateKbps(VIDEO_KBPS).withGopSeconds(1);
    Path kept = Path.of(System.getProperty("millrace.home"), "bench", "target", "coded-video");
    Path clip = new CodedVideoFactory(kept).flv(video);
    try (NodeProcess node = NodeProcess.start(options(directory));
        TestPublisher publisher =
            TestPublisher.looped(node.ready().rtmpUrl(STREAM), clip, BroadcastSettings.REAL_TIME)) {
      print(
          "%s, %d viewers%s; scaled down: one rendition of about %d kbit/s with sound, one"
              + " connection per viewer",
          lowLatency ? "low latency" : "plain",
          viewers,
          lowLatency ? ", parts of " + part : ", segments of 4 s",
          8 * Files.size(clip) / 1000 / CLIP_SECONDS);
      Await.until(
          "four segments are listed",
          SOON,
          () -> node.get("/hls/" + STREAM + "/source/index.m3u8").split("#EXTINF", -1).length > 4);
      crowd(node);
      print("  %d sessions of the publisher", publisher.sessions());
    } finally {
      Scratch.delete(directory);
    }
  }

  private NodeOptions options(Path directory) {
    NodeOptions options =
        NodeJvm.tuned(NodeOptions.single("crowd", directory))
            .withJvmArgument("-Xmx2g")
            .withSetting("millrace.transcode.enabled", false)
            .withSetting("millrace.http.max-connections", viewers + SPARE_DESCRIPTORS);
    return lowLatency
        ? options
            .withSetting("millrace.hls.low-latency", "on")
            .withSetting("millrace.hls.part-duration", part)
        : options.withSetting("millrace.hls.low-latency", "off");
  }

  private void crowd(NodeProcess node) throws IOException, InterruptedException {
    double heapBefore = mib(node.heapAfterGcBytes());
    Process client =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-Xmn512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CrowdClient.class.getName(),
                node.ready().httpHost(),
                Integer.toString(node.ready().httpPort()),
                STREAM,
                Integer.toString(viewers),
                Integer.toString(ARRIVAL_SECONDS),
                Integer.toString(STAY_SECONDS),
                lowLatency ? "low-latency" : "plain",
                Long.toString(node.pid()),
                Boolean.toString(cold))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = client.inputReader(StandardCharsets.UTF_8);
        OutputStream in = client.getOutputStream()) {
      int counted = countViewersAmid(node, client, cold ? 0 : CrowdClient.WARM_UP.toSeconds());
      for (String line = out.readLine(); !HOLDS.equals(line); line = out.readLine()) {
        if (line == null) {
          throw new IOException("the crowd failed");
        }
        System.out.println(line);
      }
      print("  viewers in the API amid it: %d", counted);
      double heapWith = mib(node.heapAfterGcBytes());
      in.write('\n');
      in.flush();
      client.waitFor();
      print(
          "  server's heap after a collection: %.0f MiB before, %.0f MiB with all connections",
          heapBefore, heapWith);
    }
  }

  private static int countViewersAmid(NodeProcess node, Process client, long warmUpSeconds)
      throws IOException, InterruptedException {
    long amid = warmUpSeconds + ARRIVAL_SECONDS + STAY_SECONDS / 2;
    if (client.waitFor(amid, TimeUnit.SECONDS)) {
      throw new IOException("the crowd ended early");
    }
    return node.json("/api/v1/streams/" + STREAM).path("viewers").asInt();
  }

  /** Node and crowd inherit this limit; each needs a descriptor per connection. */
  private void requireDescriptors() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/limits")).stream()
            .filter(limit -> limit.startsWith("Max open files"))
            .findFirst()
            .orElseThrow();
    // Name, soft limit, hard limit; a JVM raises the first to the second.
    String hard = line.substring("Max open files".length()).strip().split("\\s+", -1)[1];
    if (!hard.equals("unlimited") && Long.parseLong(hard) < viewers + SPARE_DESCRIPTORS) {
      throw new IOException(viewers + " viewers need more descriptors than " + hard);
    }
    print("file descriptors per process: %s", hard);
  }

  private static double mib(long bytes) {
    return bytes / 1024.0 / 1024.0;
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
