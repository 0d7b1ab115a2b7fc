package io.millrace.node.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.node.cluster.Endpoint;
import io.millrace.protocol.relay.RelayProofs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Data ports on loopback with short times. */
final class DataPorts {
  static final RelayTimes TIMES =
      new RelayTimes(
          Duration.ofSeconds(3),
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10));

  private DataPorts() {}

  static DataPort open(String node, String secret, LocalOwners owners, int maxFrames)
      throws IOException {
    return open(node, secret, owners, maxFrames, new SimpleMeterRegistry());
  }

  static DataPort open(
      String node, String secret, LocalOwners owners, int maxFrames, MeterRegistry registry)
      throws IOException {
    return open(node, secret, owners, maxFrames, registry, new AtomicBoolean());
  }

  static DataPort open(
      String node,
      String secret,
      LocalOwners owners,
      int maxFrames,
      MeterRegistry registry,
      AtomicBoolean paused)
      throws IOException {
    return DataPort.open(
        new DataPort.Shared(
            node,
            new RelayProofs(secret.getBytes(StandardCharsets.UTF_8)),
            new SecureRandom(),
            owners,
            new DataPortMetrics(registry),
            TIMES,
            new DataPort.Bounds(maxFrames, 1 << 20),
            paused::get),
        "127.0.0.1",
        0);
  }

  static LeaseReply.Accepted lease(Endpoint data, String node, long epoch) {
    return new LeaseReply.Accepted("request", node, data, epoch, 5, 0);
  }
}
