package io.millrace.node.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How late parts are listed: listed minus the time at which their last source frame came in.
 * Confined to the playlists' actor; the meters are of the whole node.
 */
final class PartLag {
  private record Waiting(long msn, long capturedAtNanos) {}

  private final MeterRegistry registry;
  private final Map<String, Timer> timers = new HashMap<>();
  private final Map<String, Deque<Waiting>> waiting = new HashMap<>();

  PartLag(MeterRegistry registry) {
    this.registry = registry;
  }

  void listed(String rendition, long capturedAtNanos) {
    timers
        .computeIfAbsent(rendition, this::timer)
        .record(Duration.ofNanos(Math.max(0, System.nanoTime() - capturedAtNanos)));
  }

  private Timer timer(String rendition) {
    return Timer.builder("millrace.part.lag")
        .description("Part listed minus part captured")
        .tag("rendition", rendition)
        .register(registry);
  }

  /** A part of a segment before which others have to be listed. */
  void waits(String rendition, long msn, long capturedAtNanos) {
    waiting
        .computeIfAbsent(rendition, name -> new ArrayDeque<>())
        .addLast(new Waiting(msn, capturedAtNanos));
  }

  /** Parts of segments up to {@code msn} are listed. */
  void reached(String rendition, long msn) {
    Deque<Waiting> parts = waiting.getOrDefault(rendition, new ArrayDeque<>());
    while (!parts.isEmpty() && parts.peekFirst().msn <= msn) {
      listed(rendition, parts.removeFirst().capturedAtNanos);
    }
  }
}
