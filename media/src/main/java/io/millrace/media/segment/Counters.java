package io.millrace.media.segment;

import java.util.Map;
import java.util.TreeMap;

/** Monotonic counters by dotted name. */
final class Counters {
  private final Map<String, Long> counts = new TreeMap<>();

  void add(String name) {
    add(name, 1);
  }

  void add(String name, long count) {
    counts.merge(name, count, Long::sum);
  }

  Map<String, Long> snapshot() {
    return Map.copyOf(counts);
  }
}
