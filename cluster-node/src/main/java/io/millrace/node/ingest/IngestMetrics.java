package io.millrace.node.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Counters of the RTMP side; no label holds anything that a peer chose. */
final class IngestMetrics {
  private final MeterRegistry registry;
  private final Map<CloseCause, Counter> closed = new EnumMap<>(CloseCause.class);
  private final Counter accepted;
  private final Counter receivedBytes;
  private final Counter droppedMessages;
  private final AtomicInteger publishers = new AtomicInteger();

  IngestMetrics(MeterRegistry registry, Supplier<Number> connections) {
    this.registry = registry;
    this.accepted = counter("millrace.rtmp.accepted", "Connections accepted by the RTMP listener");
    this.receivedBytes = counter("millrace.rtmp.received.bytes", "Bytes received over RTMP");
    this.droppedMessages =
        counter("millrace.rtmp.dropped.messages", "RTMP messages that made no sense");
    for (CloseCause cause : CloseCause.values()) {
      closed.put(
          cause,
          Counter.builder("millrace.rtmp.closed")
              .description("RTMP connections closed or refused")
              .tag("reason", cause.label())
              .register(registry));
    }
    Gauge.builder("millrace.rtmp.connections", connections)
        .description("RTMP connections open")
        .register(registry);
    Gauge.builder("millrace.rtmp.publishers", publishers, AtomicInteger::get)
        .description("RTMP connections that publish")
        .register(registry);
  }

  void accepted() {
    accepted.increment();
  }

  void received(int bytes) {
    receivedBytes.increment(bytes);
  }

  void closed(CloseCause cause) {
    closed.get(cause).increment();
  }

  void publishers(int change) {
    publishers.addAndGet(change);
  }

  void droppedMessages(long count) {
    droppedMessages.increment((double) count);
  }

  void droppedTags(Enum<?> reason, long count) {
    Counter.builder("millrace.rtmp.dropped.tags")
        .description("Audio and video tags dropped before they became units")
        .tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .register(registry)
        .increment((double) count);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
