package io.millrace.node.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;

/** Time from an owner's showing a version to this node's showing it, by both wall clocks. */
final class PushDelay {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(3)
  };

  private volatile Optional<Timer> timer = Optional.empty();

  void bindTo(MeterRegistry registry) {
    timer =
        Optional.of(
            Timer.builder("millrace.edge.push.delay")
                .description("From the owner's showing a version to this node's showing it")
                .serviceLevelObjectives(BUCKETS)
                .register(registry));
  }

  /** Clocks that differ may make it negative: then it counts as nothing. */
  void record(long millis) {
    timer.ifPresent(t -> t.record(Duration.ofMillis(Math.max(0, millis))));
  }
}
