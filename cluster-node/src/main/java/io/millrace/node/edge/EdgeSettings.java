package io.millrace.node.edge;

import java.time.Duration;

/**
 * @param parkTimeout how long a request for the multivariant playlist waits for the first segments
 * @param maxObjectBytes segments and parts kept in memory on this node; older segments are read
 *     from the store
 * @param maxParked requests that may wait at once for media that does not exist yet
 * @param maxStreams streams that viewers of this node watch at once; further ones get 503
 * @param idleLimit a stream of another node is followed for so long after its last viewer
 */
public record EdgeSettings(
    Duration parkTimeout, long maxObjectBytes, int maxParked, int maxStreams, Duration idleLimit) {
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
    if (maxStreams < 1) {
      throw new IllegalArgumentException("maxStreams: " + maxStreams + " (expected: 1 or more)");
    }
    if (idleLimit.isNegative() || idleLimit.isZero()) {
      throw new IllegalArgumentException("idleLimit: " + idleLimit + " (expected: more than 0)");
    }
  }
}
