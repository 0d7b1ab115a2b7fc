package io.millrace.node.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Meters of the data port, both ends; thread-safe. */
final class DataPortMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(DataPortMetrics.class);

  private final AtomicInteger asOwner = new AtomicInteger();
  private final AtomicInteger asIngest = new AtomicInteger();
  private final Counter received;
  private final Counter sent;
  private final Counter refused;
  private final Counter malformed;
  private final Counter timedOut;

  DataPortMetrics(MeterRegistry registry) {
    received = counter(registry, "millrace.data.received.bytes", "Bytes received on data ports");
    sent = counter(registry, "millrace.data.sent.bytes", "Bytes sent to data ports");
    refused =
        counter(registry, "millrace.data.refused", "Connections refused: secret, lease or caps");
    malformed =
        counter(registry, "millrace.data.malformed", "Connections that broke the data protocol");
    timedOut =
        counter(registry, "millrace.data.timeouts", "Connections given up for silence of the peer");
    connections(registry, "owner", asOwner);
    connections(registry, "ingest", asIngest);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private static void connections(MeterRegistry registry, String end, AtomicInteger count) {
    Gauge.builder("millrace.data.connections", count, AtomicInteger::get)
        .description("Data port connections open, by the end that this node is")
        .tag("end", end)
        .register(registry);
  }

  void asOwner(int change) {
    asOwner.addAndGet(change);
  }

  void asIngest(int change) {
    asIngest.addAndGet(change);
  }

  void received(int bytes) {
    received.increment(bytes);
  }

  void sent(int bytes) {
    sent.increment(bytes);
  }

  void refused() {
    refused.increment();
  }

  void malformed() {
    malformed.increment();
  }

  void timedOut() {
    timedOut.increment();
  }

  void closeFailed(IOException error) {
    LOG.debug("close of a data socket failed", error);
  }
}
