package io.millrace.bench;

import io.millrace.media.publish.Broadcast;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.media.publish.FlvTagSource;
import io.millrace.media.publish.LoopedTagSource;
import io.millrace.media.publish.PublishListener;
import io.millrace.media.worker.BundledFfmpeg;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * CPU and memory of passthrough streams (1080p30, 4.7 Mbit/s, ladder off) against nginx with the
 * RTMP module writing HLS of the same segment length. The publishers run in this process and are
 * not counted.
 */
public final class IngestBench {
  private static final List<Integer> STREAMS = List.of(30, 100);

  /** Until playlists are full and old segments are deleted. */
  private static final int WARM_UP_SECONDS = 40;

  /** The same, and until the compiler and the heap of a JVM have come to rest. */
  private static final int JVM_WARM_UP_SECONDS = 90;

  private static final int MEASURED_SECONDS = 30;
  private static final int CLIP_SECONDS = 20;
  private static final int SEGMENT_MILLIS = 4_000;
  private static final String CONF =
      "millrace.transcode.enabled = false\nmillrace.hls.low-latency = off\n";

  private final byte[] clip;
  private final Map<String, List<Double>> figures = new TreeMap<>();

  private IngestBench(byte[] clip) {
    this.clip = clip;
  }

  /** Arguments: number of alternating runs, default 3; numbers of streams, default 30 and 100. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    List<Integer> sizes =
        args.length > 1 ? Stream.of(args).skip(1).map(Integer::valueOf).toList() : STREAMS;
    byte[] clip = Files.readAllBytes(Clip.make(BundledFfmpeg.ffmpeg(), CLIP_SECONDS));
    IngestBench bench = new IngestBench(clip);
    for (int run = 1; run <= runs; run++) {
      for (int streams : sizes) {
        try (Server millrace = Server.start(CONF)) {
          bench.measure(
              "millrace",
              streams,
              JVM_WARM_UP_SECONDS,
              millrace.rtmpUrl("bench"),
              millrace::processes);
        }
        try (NginxRtmp nginx = NginxRtmp.start()) {
          bench.measure(
              "nginx-rtmp", streams, WARM_UP_SECONDS, nginx.rtmpUrl("bench"), nginx::processes);
        }
      }
      System.out.printf("run %d of %d done%n", run, runs);
    }
    bench.report(sizes);
  }

  private void measure(
      String name, int streams, int warmUpSeconds, String urlPrefix, Supplier<List<Long>> server)
      throws IOException, InterruptedException {
    List<Broadcast> broadcasts = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    AtomicReference<IOException> failure = new AtomicReference<>();
    CountDownLatch failed = new CountDownLatch(1);
    for (int n = 0; n < streams; n++) {
      Broadcast broadcast =
          new Broadcast(
              urlPrefix + n,
              new LoopedTagSource(() -> new FlvTagSource(new ByteArrayInputStream(clip))),
              BroadcastSettings.REAL_TIME,
              new PublishListener() {});
      broadcasts.add(broadcast);
      Thread thread =
          new Thread(
              () -> {
                try {
                  broadcast.run();
                } catch (IOException e) {
                  failure.compareAndSet(null, e);
                  failed.countDown();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "broadcast-" + n);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
      // Real publishers do not cut their segments all at the same moment.
      letPassMillis(SEGMENT_MILLIS / streams, failed, failure);
    }
    letPass(warmUpSeconds, failed, failure);
    List<Long> processes = server.get();
    double before = Proc.cpuSeconds(processes);
    letPass(MEASURED_SECONDS, failed, failure);
    String key = name + " " + streams;
    add(key + " cpu", (Proc.cpuSeconds(processes) - before) / MEASURED_SECONDS / streams);
    add(key + " mem", Proc.residentMib(processes));
    System.out.printf(
        Locale.ROOT,
        "%s, %d streams: %.4f cores per stream, %.0f MiB%n",
        name,
        streams,
        last(key + " cpu"),
        last(key + " mem"));
    broadcasts.forEach(Broadcast::stop);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Lets real time pass; a publisher that fails in it ends the benchmark. */
  private static void letPass(
      int seconds, CountDownLatch failed, AtomicReference<IOException> failure)
      throws IOException, InterruptedException {
    letPassMillis(1000L * seconds, failed, failure);
  }

  private static void letPassMillis(
      long millis, CountDownLatch failed, AtomicReference<IOException> failure)
      throws IOException, InterruptedException {
    if (failed.await(millis, TimeUnit.MILLISECONDS)) {
      throw failure.get();
    }
  }

  private void add(String figure, double value) {
    figures.computeIfAbsent(figure, k -> new ArrayList<>()).add(value);
  }

  private double last(String figure) {
    List<Double> values = figures.get(figure);
    return values.get(values.size() - 1);
  }

  private void report(List<Integer> sizes) {
    System.out.printf(
        "%nCores per stream, and resident MiB of all processes; median (lowest..highest)%n");
    for (int streams : sizes) {
      Figures millrace = row("millrace", streams);
      Figures nginx = row("nginx-rtmp", streams);
      System.out.printf(
          Locale.ROOT,
          "  %d streams: millrace = %.2f x nginx-rtmp%n",
          streams,
          millrace.median() / nginx.median());
    }
  }

  private Figures row(String name, int streams) {
    Figures cpu = Figures.of(figures.get(name + " " + streams + " cpu"));
    System.out.printf(
        "  %-12s %3d streams  %-28s %s%n",
        name,
        streams,
        cpu.text("%.4f"),
        Figures.of(figures.get(name + " " + streams + " mem")).text("%.0f"));
    return cpu;
  }
}
