package io.millrace.node.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * The streams that another node has taken from this one a moment ago: they are not started here
 * again at once, since what told this node to start them may be as old as what it wrote.
 * Thread-safe.
 */
public final class FencedStreams {
  static final Duration BARRED = Duration.ofSeconds(2);

  private final Counter fenced;
  private final LongSupplier nanoTime;
  private final ConcurrentMap<String, Long> barredUntil = new ConcurrentHashMap<>();

  public FencedStreams(MeterRegistry registry) {
    this(registry, System::nanoTime);
  }

  FencedStreams(MeterRegistry registry, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.fenced =
        Counter.builder("millrace.stream.fenced")
            .description("Streams that another node took over while this one still wrote them")
            .register(registry);
  }

  void add(String streamId) {
    fenced.increment();
    long now = nanoTime.getAsLong();
    barredUntil.values().removeIf(until -> until - now <= 0);
    barredUntil.put(streamId, now + BARRED.toNanos());
  }

  /** Zero when the stream may start here. */
  Duration barredFor(String streamId) {
    Long until = barredUntil.get(streamId);
    long left = until == null ? 0 : until - nanoTime.getAsLong();
    return Duration.ofNanos(Math.max(0, left));
  }
}
