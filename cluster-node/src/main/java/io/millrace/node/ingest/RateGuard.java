package io.millrace.node.ingest;

/**
 * A token bucket over a few seconds of one connection's rate. Confined to the connection's thread;
 * time comes from the caller.
 */
final class RateGuard {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double capacity;
  private double tokens;
  private long lastNanos;
  private boolean over;
  private long overSinceNanos;

  /**
   * @param perSecond permitted rate
   * @param windowSeconds how many seconds' worth may come at once
   */
  RateGuard(double perSecond, double windowSeconds, long nowNanos) {
    this.perSecond = perSecond;
    this.capacity = perSecond * windowSeconds;
    this.tokens = capacity;
    this.lastNanos = nowNanos;
  }

  /** Takes what has arrived. Returns the nanoseconds to wait before reading on, 0 for none. */
  long take(double amount, long nowNanos) {
    tokens = Math.min(capacity, tokens + perSecond * (nowNanos - lastNanos) / NANOS) - amount;
    lastNanos = nowNanos;
    if (tokens < 0 && !over) {
      over = true;
      overSinceNanos = nowNanos;
    } else if (tokens > capacity / 2) {
      over = false;
    }
    return tokens < 0 ? (long) Math.ceil(-tokens / perSecond * NANOS) : 0;
  }

  /** Nanoseconds since the rate was exceeded without having recovered since; 0 when it is kept. */
  long overNanos(long nowNanos) {
    return over ? nowNanos - overSinceNanos : 0;
  }
}
