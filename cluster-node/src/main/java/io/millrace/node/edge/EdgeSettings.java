package io.millrace.node.edge;

import java.time.Duration;

/**
 * @param parkTimeout how long a request for the multivariant playlist waits for the first segments
 * @param maxObjectBytes segments and parts kept in memory on this node; older segments are read
 *     from the store
 * @param maxParked requests that may wait at once for media that does not exist yet
 */
public record EdgeSettings(Duration parkTimeout, long maxObjectBytes, int maxParked) {
  /** As many as the connections that a node serves. */
  public static final int DEFAULT_MAX_PARKED = 20_000;

  public EdgeSettings {
    if (parkTimeout.isNegative() || parkTimeout.isZero()) {
      throw new IllegalArgumentException(
          "parkTimeout: " + parkTimeout + " (expected: more than 0)");
    }
    if (maxObjectBytes < 1) {
      throw new IllegalArgumentException(
          "maxObjectBytes: " + maxObjectBytes + " (expected: 1 or more)");
    }
    if (maxParked < 1) {
      throw new IllegalArgumentException("maxParked: " + maxParked + " (expected: 1 or more)");
    }
  }

  /** With the default number of waiting requests. */
  public EdgeSettings(Duration parkTimeout, long maxObjectBytes) {
    this(parkTimeout, maxObjectBytes, DEFAULT_MAX_PARKED);
  }
}
