package io.millrace.media.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How worker processes are run.
 *
 * @param java the {@code java} program
 * @param jvmFlags flags of the worker's JVM; see {@link #DEFAULT_JVM_FLAGS}
 * @param niceness added to the node's own scheduling niceness, 0 to 19; the node goes first when
 *     the processors are full
 * @param silenceTimeout a worker that has input and shows no sign of life for so long is killed
 * @param startTimeout the same for the time until it is ready
 * @param maxQueuedMedia media that may wait for a worker that does not read; more kills it
 * @param spares started workers that wait for a stream, 0 or 1
 * @param testEncodeDelayMs test aid: rung name to milliseconds that each encoded frame takes longer
 */
public record WorkerSettings(
    Path java,
    List<String> jvmFlags,
    int niceness,
    Duration silenceTimeout,
    Duration startTimeout,
    Duration maxQueuedMedia,
    int spares,
    Map<String, Integer> testEncodeDelayMs) {

  /** A small heap (frames live outside it), one collector thread, the quick compiler. */
  public static final List<String> DEFAULT_JVM_FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "-Xms16m",
          "-Xmx64m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-XX:ReservedCodeCacheSize=16m");

  public WorkerSettings {
    jvmFlags = List.copyOf(jvmFlags);
    testEncodeDelayMs = Map.copyOf(testEncodeDelayMs);
    if (niceness < 0 || niceness > 19) {
      throw new IllegalArgumentException("niceness: " + niceness + " (expected: 0..19)");
    }
    if (spares < 0 || spares > 1) {
      throw new IllegalArgumentException("spares: " + spares + " (expected: 0 or 1)");
    }
    atLeast("silenceTimeout", silenceTimeout, Duration.ofSeconds(1));
    atLeast("startTimeout", startTimeout, Duration.ofSeconds(1));
    atLeast("maxQueuedMedia", maxQueuedMedia, Duration.ofSeconds(1));
  }

  private static void atLeast(String field, Duration actual, Duration least) {
    if (actual.compareTo(least) < 0) {
      throw new IllegalArgumentException(
          field + ": " + actual + " (expected: at least " + least + ")");
    }
  }

  /** The {@code java} program that runs this process. */
  public static Path currentJava() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }
}
