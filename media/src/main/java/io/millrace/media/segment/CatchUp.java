package io.millrace.media.segment;

import java.time.Duration;

/** Whether the backlog of a worker that has just started gets smaller. */
final class CatchUp {
  /** A worker that gains less than this share of the time that passes is not catching up. */
  private static final int LEAST_GAIN_PERCENT = 5;

  private long lowestMs = Long.MAX_VALUE;
  private long fellNanos;

  CatchUp(long nowNanos) {
    fellNanos = nowNanos;
  }

  /** False once the backlog has not got clearly smaller for {@code patience}. */
  boolean falls(long nowNanos, long backlogMs, Duration patience) {
    long leastMs = patience.toMillis() * LEAST_GAIN_PERCENT / 100;
    if (lowestMs == Long.MAX_VALUE || backlogMs <= lowestMs - leastMs) {
      lowestMs = backlogMs;
      fellNanos = nowNanos;
    }
    return nowNanos - fellNanos < patience.toNanos();
  }
}
