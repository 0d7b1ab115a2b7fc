package io.millrace.bench;

import io.millrace.media.worker.BundledFfmpeg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * CPU-seconds of node and worker for one 1080p30 stream with the rungs 720p and 480p and
 * thumbnails, over 60 s of real time after 60 s of warm-up, against the bundled ffmpeg reading the
 * same file in real time for 60 s: (a) three encodes 1080/720/480, (b) copy and cascaded 720 + 480,
 * single-threaded.
 */
public final class TranscodeBench {
  private static final int WARM_UP_SECONDS = 60;
  private static final int MEASURED_SECONDS = 60;
  private static final int CLIP_SECONDS = 130;

  private static final String RUNG =
      " -preset ultrafast -tune zerolatency -g 60 -keyint_min 60 -sc_threshold 0";

  private final Path ffmpeg;
  private final Path clip;
  private final Map<String, List<Double>> figures = new TreeMap<>();

  private TranscodeBench(Path ffmpeg, Path clip) {
    this.ffmpeg = ffmpeg;
    this.clip = clip;
  }

  /** Argument: number of alternating runs, default 5. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    Path ffmpeg = BundledFfmpeg.ffmpeg();
    TranscodeBench bench = new TranscodeBench(ffmpeg, Clip.make(ffmpeg, CLIP_SECONDS));
    for (int run = 1; run <= runs; run++) {
      bench.millrace();
      bench.reference("a", threeEncodes());
      bench.reference("b", copyAndCascade());
      System.out.printf("run %d of %d done%n", run, runs);
    }
    bench.report();
  }

  private void millrace() throws IOException, InterruptedException {
    try (Server server = Server.start("millrace.hls.low-latency = off")) {
      Process publisher =
          start(
              "-re -i " + clip + " -c copy -f flv " + server.rtmpUrl("bench"),
              ProcessBuilder.Redirect.DISCARD);
      try {
        waitSeconds(publisher, WARM_UP_SECONDS);
        List<Long> node = server.node();
        List<Long> workers = server.workers();
        double node0 = Proc.cpuSeconds(node);
        double workers0 = Proc.cpuSeconds(workers);
        waitSeconds(publisher, MEASURED_SECONDS);
        double nodeCpu = Proc.cpuSeconds(node) - node0;
        double workerCpu = Proc.cpuSeconds(workers) - workers0;
        add("node cpu", nodeCpu);
        add("worker cpu", workerCpu);
        add("millrace cpu", nodeCpu + workerCpu);
        add("node mem", Proc.residentMib(node));
        add("worker mem", Proc.residentMib(workers));
      } finally {
        publisher.destroy();
        publisher.waitFor();
      }
    }
  }

  private void reference(String name, String outputs) throws IOException, InterruptedException {
    double before = Proc.endedChildrenCpuSeconds();
    Process process =
        start(
            "-re -t " + MEASURED_SECONDS + " -i " + clip + outputs,
            ProcessBuilder.Redirect.INHERIT);
    waitSeconds(process, MEASURED_SECONDS - 5);
    add(name + " mem", Proc.residentMib(List.of(process.pid())));
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException("ffmpeg (" + name + ") ended with " + exit);
    }
    add(name + " cpu", Proc.endedChildrenCpuSeconds() - before);
  }

  private static String threeEncodes() {
    return " -filter_complex [0:v]split=3[a][b0][c0];[b0]scale=-2:720[b];[c0]scale=-2:480[c]"
        + " -map [a] -map [b] -map [c] -map 0:a -c:v libx264"
        + RUNG
        + " -b:v:0 5000k -b:v:1 2800k -b:v:2 1200k -c:a copy -f null -";
  }

  private static String copyAndCascade() {
    return " -filter_complex_threads 1 -filter_threads 1"
        + " -filter_complex [0:v]scale=-2:720,split=2[b][c0];[c0]scale=-2:480[c]"
        + " -map 0:v -map [b] -map [c] -map 0:a -c:v:0 copy -c:v:1 libx264 -c:v:2 libx264"
        + RUNG
        + " -threads 1 -b:v:1 2800k -b:v:2 1200k -c:a copy -f null -";
  }

  private Process start(String arguments, ProcessBuilder.Redirect errors) throws IOException {
    boolean decodes = arguments.contains("-filter_complex ");
    List<String> command = new ArrayList<>(List.of(ffmpeg.toString(), "-v", "error", "-nostdin"));
    if (decodes && arguments.contains("-threads 1")) {
      // Before the input it is the decoder's number of threads.
      command.addAll(List.of("-threads", "1"));
    }
    command.addAll(List.of(arguments.trim().split(" ", -1)));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(errors)
        .start();
  }

  /** Lets {@code seconds} of real time pass; the process must live through them. */
  private static void waitSeconds(Process process, int seconds)
      throws IOException, InterruptedException {
    if (process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new IOException("a program ended too early, exit code " + process.exitValue());
    }
  }

  private void add(String figure, double value) {
    figures.computeIfAbsent(figure, k -> new ArrayList<>()).add(value);
  }

  private Figures get(String figure) {
    return Figures.of(figures.get(figure));
  }

  private void report() {
    System.out.printf(
        "%nCPU-seconds over %d s of real time, and resident MiB; median (lowest..highest)%n",
        MEASURED_SECONDS);
    row("millrace node", "node cpu", "node mem");
    row("millrace worker", "worker cpu", "worker mem");
    row("ffmpeg (a) three encodes", "a cpu", "a mem");
    row("ffmpeg (b) copy + 720 + 480", "b cpu", "b mem");
    double millrace = get("millrace cpu").median();
    System.out.printf(
        Locale.ROOT,
        "%nmillrace (node + worker): %s CPU-s = %.2f x (a) = %.2f x (b)%n",
        get("millrace cpu").text("%.1f"),
        millrace / get("a cpu").median(),
        millrace / get("b cpu").median());
  }

  private void row(String name, String cpu, String memory) {
    System.out.printf("  %-28s %-22s %s%n", name, get(cpu).text("%.1f"), get(memory).text("%.0f"));
  }
}
