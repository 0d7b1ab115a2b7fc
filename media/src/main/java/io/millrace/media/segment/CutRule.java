package io.millrace.media.segment;

/**
 * When a segment ends. The target duration T is the configured one until the first segment closes,
 * then frozen.
 */
final class CutRule {
  private static final long EARLY_90K = 4_500;
  private static final long LATE_90K = 44_100;
  private static final long NO_IDR_90K = 40_500;
  private static final int UNASSISTED_SECONDS = 10;

  private final int configuredSeconds;
  private final int maxSegmentSeconds;
  private final boolean encoder;
  private int frozenSeconds;

  /**
   * @param frozenSeconds T of a recovered stream, 0 otherwise
   * @param encoder an encoder can make cuts where the source has no IDR
   */
  CutRule(int configuredSeconds, int maxSegmentSeconds, int frozenSeconds, boolean encoder) {
    this.configuredSeconds = configuredSeconds;
    this.maxSegmentSeconds = maxSegmentSeconds;
    this.frozenSeconds = frozenSeconds;
    this.encoder = encoder;
  }

  int targetSeconds() {
    return frozenSeconds > 0 ? frozenSeconds : configuredSeconds;
  }

  long target90k() {
    return (long) targetSeconds() * Ticks.TIMESCALE;
  }

  /** At a source IDR {@code elapsed} into the segment, with the last distance of two IDRs. */
  boolean cutsAtIdr(long elapsed90k, long interval90k) {
    return elapsed90k >= target90k() - EARLY_90K
        || elapsed90k + interval90k > target90k() + LATE_90K;
  }

  /** No IDR has come for so long that something else has to end the segment. */
  boolean overdue(long elapsed90k) {
    return elapsed90k >= (long) patienceSeconds() * Ticks.TIMESCALE + NO_IDR_90K;
  }

  /** A segment of this length would not keep the frozen target duration. */
  boolean tooLong(long elapsed90k) {
    return frozen() && elapsed90k > target90k() + LATE_90K;
  }

  private int patienceSeconds() {
    if (frozenSeconds > 0) {
      return frozenSeconds;
    }
    return encoder ? maxSegmentSeconds : UNASSISTED_SECONDS;
  }

  boolean frozen() {
    return frozenSeconds > 0;
  }

  /** The first segment has closed: T is the configured duration or the longer first segment's. */
  void freeze(long firstSegment90k) {
    if (frozenSeconds == 0) {
      long rounded = (firstSegment90k + Ticks.TIMESCALE / 2) / Ticks.TIMESCALE;
      frozenSeconds = (int) Math.max(configuredSeconds, rounded);
    }
  }
}
