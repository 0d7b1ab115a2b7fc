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

/**
 * CPU and memory of passthrough streams (1080p30, 4.7 Mbit/s, ladder off) against nginx with the
 * RTMP module writing HLS of the same segment length. The publishers run in this process and are
 * not counted.
 */
public final class IngestBench {
  private static final int[] STREAMS = {30, 100};
  private static final int WARM_UP_SECONDS = 45;
  private static final int MEASURED_SECONDS = 30;
  private static final int CLIP_SECONDS = 20;

  private final byte[] clip;
  private final Map<String, List<Double>> figures = new TreeMap<>();

  private IngestBench(byte[] clip) {
    this.clip = clip;
  }

  /** Argument: number of alternating runs, default 3. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    byte[] clip = Files.readAllBytes(Clip.make(BundledFfmpeg.ffmpeg(), CLIP_SECONDS));
    IngestBench bench = new IngestBench(clip);
    for (int run = 1; run <= runs; run++) {
      for (int streams : STREAMS) {
        try (Server millrace = Server.start("millrace.transcode.enabled = false")) {
          bench.measure("millrace", streams, millrace.rtmpUrl("bench"), millrace.node());
        }
        try (NginxRtmp nginx = NginxRtmp.start()) {
          bench.measure("nginx-rtmp", streams, nginx.rtmpUrl("bench"), nginx.processes());
        }
      }
      System.out.printf("run %d of %d done%n", run, runs);
    }
    bench.report();
  }

  private void measure(String name, int streams, String urlPrefix, List<Long> processes)
      throws IOException, InterruptedException {
    List<Broadcast> broadcasts = new ArrayList<>();
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
    }
    letPass(WARM_UP_SECONDS, failed, failure);
    double before = Proc.cpuSeconds(processes);
    letPass(MEASURED_SECONDS, failed, failure);
    String key = name + " " + streams;
    add(key + " cpu", (Proc.cpuSeconds(processes) - before) / MEASURED_SECONDS / streams);
    add(key + " mem", Proc.residentMib(processes));
    broadcasts.forEach(Broadcast::stop);
  }

  /** Lets real time pass; a publisher that fails in it ends the benchmark. */
  private static void letPass(
      int seconds, CountDownLatch failed, AtomicReference<IOException> failure)
      throws IOException, InterruptedException {
    if (failed.await(seconds, TimeUnit.SECONDS)) {
      throw failure.get();
    }
  }

  private void add(String figure, double value) {
    figures.computeIfAbsent(figure, k -> new ArrayList<>()).add(value);
  }

  private void report() {
    System.out.printf(
        "%nCores per stream, and resident MiB of all processes; median (lowest..highest)%n");
    for (int streams : STREAMS) {
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
