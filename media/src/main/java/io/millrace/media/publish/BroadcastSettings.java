package io.millrace.media.publish;

import java.time.Duration;
import java.util.Objects;

/**
 * How to broadcast.
 *
 * @param speed media seconds per second; 1 is real time
 * @param connectTimeout longest time from TCP connect to the server's consent
 * @param reconnectAttempts how often in a row to try again after a loss; 0 gives up at once
 * @param reconnectDelay wait before each of these
 * @param restartTimestamps every session starts at timestamp 0, as encoders do; otherwise the
 *     source's times go on
 */
public record BroadcastSettings(
    double speed,
    Duration connectTimeout,
    int reconnectAttempts,
    Duration reconnectDelay,
    boolean restartTimestamps) {

  /** Real time, no reconnect. */
  public static final BroadcastSettings REAL_TIME =
      new BroadcastSettings(1, Duration.ofSeconds(10), 0, Duration.ofSeconds(2), true);

  public BroadcastSettings {
    if (!(speed > 0) || speed > 1000) {
      throw new IllegalArgumentException("speed: " + speed + " (expected: above 0, at most 1000)");
    }
    Objects.requireNonNull(connectTimeout, "connectTimeout");
    Objects.requireNonNull(reconnectDelay, "reconnectDelay");
    if (reconnectAttempts < 0) {
      throw new IllegalArgumentException(
          "reconnectAttempts: " + reconnectAttempts + " (expected: at least 0)");
    }
  }

  /** The same with reconnects. */
  public BroadcastSettings withReconnect(int attempts, Duration delay) {
    return new BroadcastSettings(speed, connectTimeout, attempts, delay, restartTimestamps);
  }

  /** The same at another speed. */
  public BroadcastSettings withSpeed(double newSpeed) {
    return new BroadcastSettings(
        newSpeed, connectTimeout, reconnectAttempts, reconnectDelay, restartTimestamps);
  }
}
