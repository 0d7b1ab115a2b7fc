package io.millrace.bench.crowd;

import java.util.Arrays;
import java.util.Locale;

/** Durations, all of them kept, so that percentiles are exact. */
final class Samples {
  private long[] nanos = new long[1024];
  private int count;

  void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = duration;
  }

  int count() {
    return count;
  }

  /** How many are longer. */
  long above(long duration) {
    return Arrays.stream(nanos, 0, count).filter(n -> n > duration).count();
  }

  /** {@code p50 .. p99 .. longest .. ms}. */
  String text() {
    if (count == 0) {
      return "none";
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "p50 %.0f  p99 %.0f  longest %.0f ms (%d)",
        sorted[count / 2] / 1e6,
        sorted[(int) (count * 0.99)] / 1e6,
        sorted[count - 1] / 1e6,
        count);
  }
}
