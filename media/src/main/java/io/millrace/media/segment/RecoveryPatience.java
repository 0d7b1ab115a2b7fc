package io.millrace.media.segment;

import java.time.Duration;

/**
 * How long a worker must have been healthy before it is given load back. A step up that does not
 * hold doubles it, up to a bound, so that a steady overload is not answered by going back and
 * forth; one that holds for long sets it back.
 */
final class RecoveryPatience {
  private static final int MAX_FACTOR = 8;
  private static final int HOLDS_FACTOR = 30;

  private final long leastNanos;
  private int factor = 1;
  private boolean tried;
  private long triedNanos;

  /**
   * @param least the time while nothing has relapsed
   */
  RecoveryPatience(Duration least) {
    this.leastNanos = least.toNanos();
  }

  long nanos() {
    return leastNanos * factor;
  }

  /** Load was given back. */
  void steppedUp(long nowNanos) {
    tried = true;
    triedNanos = nowNanos;
  }

  /** Load was taken off. */
  void steppedDown(long nowNanos) {
    if (tried) {
      factor = holds(nowNanos) ? 1 : Math.min(MAX_FACTOR, 2 * factor);
      tried = false;
    }
  }

  private boolean holds(long nowNanos) {
    return nowNanos - triedNanos >= HOLDS_FACTOR * leastNanos;
  }
}
