package io.millrace.media.publish;

import java.util.concurrent.TimeUnit;

/**
 * Turns media times into waiting: a tag is due at (start of the schedule) + (its time − the first
 * one's) / speed, so that late tags do not move later ones. Used by one thread.
 */
final class Pacer {
  private final double speed;
  private boolean started;
  private long startNanos;
  private long firstMs;

  /** A speed of 2 sends twice as fast as real time. */
  Pacer(double speed) {
    this.speed = speed;
  }

  /** Nanoseconds from {@code nowNanos} to the moment when a tag is due; not positive if it is. */
  long untilDueNanos(long timestampMs, long nowNanos) {
    if (!started) {
      started = true;
      startNanos = nowNanos;
      firstMs = timestampMs;
    }
    double mediaNanos = (double) TimeUnit.MILLISECONDS.toNanos(timestampMs - firstMs) / speed;
    return startNanos + Math.round(mediaNanos) - nowNanos;
  }

  /** Moves all that is still to come by a pause in sending. */
  void shift(long nanos) {
    startNanos += nanos;
  }
}
