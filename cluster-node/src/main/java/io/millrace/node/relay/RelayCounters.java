package io.millrace.node.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counters of all relays of the node. */
final class RelayCounters {
  private final Counter droppedUnits;
  private final Counter resumes;

  RelayCounters(MeterRegistry registry) {
    droppedUnits =
        Counter.builder("millrace.relay.dropped.units")
            .description("Units given up because no owner took them in time")
            .register(registry);
    resumes =
        Counter.builder("millrace.relay.resumes")
            .description("Publishes that went on at a new incarnation of their owner")
            .register(registry);
  }

  void dropped(long units) {
    droppedUnits.increment((double) units);
  }

  void resumed() {
    resumes.increment();
  }
}
