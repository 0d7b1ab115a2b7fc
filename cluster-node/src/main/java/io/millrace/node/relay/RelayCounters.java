package io.millrace.node.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** Meters of all relays of the node together; thread-safe. */
final class RelayCounters {
  private final Set<IngestRelay> relays = ConcurrentHashMap.newKeySet();
  private final Counter droppedUnits;
  private final Counter replayedUnits;
  private final Counter resumes;

  RelayCounters(MeterRegistry registry, RelaySpill spill) {
    Gauge.builder("millrace.relay.disk.bytes", spill, RelaySpill::diskBytes)
        .description("Media kept on disk for owners or the store, all publishes together")
        .register(registry);
    FunctionCounter.builder("millrace.relay.disk.refusals", spill, RelaySpill::refusals)
        .description("Media that found no room within relay.disk-bytes")
        .register(registry);
    replayedUnits =
        Counter.builder("millrace.relay.replayed.units")
            .description("Units sent again to another incarnation of their owner")
            .register(registry);
    droppedUnits =
        Counter.builder("millrace.relay.dropped.units")
            .description("Units given up because no owner took them in time")
            .register(registry);
    resumes =
        Counter.builder("millrace.relay.resumes")
            .description("Publishes that went on at a new incarnation of their owner")
            .register(registry);
    Gauge.builder("millrace.relay.buffer.bytes", () -> sum(IngestRelay::keptBytes))
        .description("Media kept until it is in durable segments")
        .register(registry);
    Gauge.builder("millrace.relay.buffer.seconds", () -> sum(IngestRelay::keptSeconds))
        .description("The same in media time, all publishes together")
        .register(registry);
  }

  void opened(IngestRelay relay) {
    relays.add(relay);
  }

  void closed(IngestRelay relay) {
    relays.remove(relay);
  }

  private double sum(ToDoubleFunction<IngestRelay> figure) {
    return relays.stream().mapToDouble(figure).sum();
  }

  void dropped(long units) {
    droppedUnits.increment((double) units);
  }

  void replayed() {
    replayedUnits.increment();
  }

  void resumed() {
    resumes.increment();
  }
}
