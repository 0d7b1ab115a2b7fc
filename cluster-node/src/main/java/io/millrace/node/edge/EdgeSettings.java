package io.millrace.node.edge;

import java.time.Duration;

/**
 * @param parkTimeout how long a request for the multivariant playlist waits for the first segments
 * @param maxObjectBytes segments kept in memory on this node; older ones are read from the store
 */
public record EdgeSettings(Duration parkTimeout, long maxObjectBytes) {
  public EdgeSettings {
    if (parkTimeout.isNegative() || parkTimeout.isZero()) {
      throw new IllegalArgumentException(
          "parkTimeout: " + parkTimeout + " (expected: more than 0)");
    }
    if (maxObjectBytes < 1) {
      throw new IllegalArgumentException(
          "maxObjectBytes: " + maxObjectBytes + " (expected: 1 or more)");
    }
  }
}
