package io.millrace.node.relay;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;

/** What relays share, for tests. */
final class RelayNodes {
  private RelayNodes() {}

  static RelayNode inMemory() {
    return with(new RelaySpill(Optional.empty(), 0, 1 << 30));
  }

  static RelayNode with(RelaySpill spill) {
    return new RelayNode(
        new RelayCounters(new SimpleMeterRegistry(), spill), spill, AcceptLog.NONE);
  }

  static RelaySettings settings(long keepBytes, long unsentBytes) {
    return settings(Duration.ofSeconds(40), keepBytes, unsentBytes);
  }

  static RelaySettings settings(Duration keepMedia, long keepBytes, long unsentBytes) {
    return new RelaySettings(
        keepMedia,
        keepBytes,
        unsentBytes,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        0,
        Optional.empty(),
        Optional.empty());
  }
}
