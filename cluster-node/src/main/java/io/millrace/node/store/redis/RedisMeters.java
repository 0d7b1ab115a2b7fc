package io.millrace.node.store.redis;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.persistence.redis.RedisCounters;
import java.util.function.ToDoubleFunction;

/** What happened on the way to Redis, for {@code /metrics}. */
final class RedisMeters implements MeterBinder {
  private final RedisCounters counters;

  RedisMeters(RedisCounters counters) {
    this.counters = counters;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    count(
        registry,
        "fenced.writes",
        "Writes refused because a newer owner had written",
        RedisCounters::fencedWrites);
    count(
        registry,
        "rolled.back",
        "States that Redis had lost or had an older one of, written again",
        RedisCounters::rolledBackRecords);
    count(
        registry,
        "repeated.writes",
        "Writes that were made already: their first answer was lost",
        RedisCounters::repeatedWrites);
    count(registry, "retries", "Commands that were sent again", RedisCounters::retries);
    count(
        registry,
        "unanswered",
        "Commands that Redis did not answer",
        RedisCounters::unreachableCommands);
  }

  private void count(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<RedisCounters> value) {
    FunctionCounter.builder("millrace.redis." + name, counters, value)
        .description(description)
        .register(registry);
  }
}
