package io.millrace.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * Counts requests by kind of route and status; time is from arrival to the answer's start, without
 * what a request waited for media that did not exist yet. That is counted apart.
 */
final class HttpMetrics {

  private static final AttributeKey<Long> WAITED =
      AttributeKey.create("millrace-waited-nanos", Long.class);

  /** From memory, from another node, from a store that is slow. */
  private static final Duration[] BUCKETS =
      IntStream.of(1, 5, 25, 100, 250, 500, 1000, 2500, 5000, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Map<Key, Meters> meters = new ConcurrentHashMap<>();
  private final Map<Key, Timer> waits = new ConcurrentHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();

  HttpMetrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("millrace.http.requests.in.flight", inFlight, AtomicInteger::get)
        .description("Requests that are not answered yet, parked ones included")
        .register(registry);
    // There before anybody waits, so that a dashboard has an answer.
    Stream.of(RouteKind.HLS_MULTIVARIANT, RouteKind.HLS_PLAYLIST, RouteKind.HLS_OBJECT)
        .map(kind -> new Key(kind, 200))
        .forEach(key -> waits.put(key, registerWaits(key)));
  }

  /** Start of a request; returns its time, in nanoseconds. */
  long started() {
    inFlight.incrementAndGet();
    return System.nanoTime();
  }

  /** Marks the answer to a request that waited so long for media that did not exist yet. */
  static HttpResponse afterWait(HttpResponse response, long nanos) {
    return response.addAttribute(WAITED, Math.max(0, nanos));
  }

  void finished(RouteKind kind, HttpRequest request, HttpResponse response, long startedNanos) {
    inFlight.decrementAndGet();
    Meters found =
        meters.computeIfAbsent(new Key(kind, response.status().intValue()), this::register);
    long nanos = System.nanoTime() - startedNanos;
    long waited = response.getAttribute(WAITED).orElse(0L);
    found.timer().record(Math.max(0, nanos - waited), TimeUnit.NANOSECONDS);
    if (waited > 0) {
      waits
          .computeIfAbsent(new Key(kind, response.status().intValue()), this::registerWaits)
          .record(waited, TimeUnit.NANOSECONDS);
    }
    if (!request.method().name().equals("HEAD")) {
      found.bytes().increment((double) response.entity().getContentLengthOption().orElse(0));
    }
  }

  private Meters register(Key key) {
    String status = Integer.toString(key.status());
    return new Meters(
        Timer.builder("millrace.http.requests")
            .description("Requests by kind of route and status")
            .tag("kind", key.kind().tag())
            .tag("status", status)
            .serviceLevelObjectives(BUCKETS)
            .register(registry),
        Counter.builder("millrace.http.response.bytes")
            .description("Bytes of response bodies handed to the network")
            .tag("kind", key.kind().tag())
            .tag("status", status)
            .register(registry));
  }

  private Timer registerWaits(Key key) {
    return Timer.builder("millrace.http.waits")
        .description("Requests that waited for a part or a playlist to come, for how long")
        .tag("kind", key.kind().tag())
        .tag("status", Integer.toString(key.status()))
        .register(registry);
  }

  private record Key(RouteKind kind, int status) {}

  private record Meters(Timer timer, Counter bytes) {}
}
