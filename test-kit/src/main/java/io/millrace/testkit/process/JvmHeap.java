package io.millrace.testkit.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Heap figures of another JVM of the same user, through the JDK's {@code jcmd}. */
final class JvmHeap {
  private static final Pattern USED =
      Pattern.compile("(?:heap|generation)\\s+total \\d+K, used (\\d+)K");

  /** Instances and bytes of all classes. */
  private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private JvmHeap() {}

  /** Collects fully, then sums what the heap's parts have in use. */
  static long usedAfterGcBytes(long pid) throws IOException, InterruptedException {
    jcmd(pid, "GC.run");
    return parseUsedBytes(jcmd(pid, "GC.heap_info"));
  }

  /** G1 prints one "heap" line, Serial and Parallel one line per generation. */
  static long parseUsedBytes(String heapInfo) throws IOException {
    Matcher matcher = USED.matcher(heapInfo);
    long sum = 0;
    int parts = 0;
    while (matcher.find()) {
      sum += Long.parseLong(matcher.group(1)) * 1024;
      parts++;
    }
    if (parts == 0) {
      throw new IOException("no heap figures in: " + heapInfo);
    }
    return sum;
  }

  /** Collects fully, then sums the sizes of all objects: without what lies unused between them. */
  static long liveObjectBytes(long pid) throws IOException, InterruptedException {
    return parseLiveBytes(jcmd(pid, "GC.class_histogram"));
  }

  static long parseLiveBytes(String histogram) throws IOException {
    Matcher matcher = HISTOGRAM_TOTAL.matcher(histogram);
    if (!matcher.find()) {
      throw new IOException("no total in: " + histogram);
    }
    return Long.parseLong(matcher.group(1));
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(List.of(program, Long.toString(pid), command))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd " + command + ": " + output);
    }
    return output;
  }
}
