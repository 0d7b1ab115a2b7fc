package io.millrace.media.segment;

/** Arithmetic between media time (90 kHz ticks) and other units. */
final class Ticks {
  static final int TIMESCALE = 90_000;
  static final long PER_MS = 90;

  private Ticks() {}

  /** Nearest position in {@code timescale}. */
  static long fromMedia(long media90k, int timescale) {
    return Math.floorDiv(media90k * timescale + TIMESCALE / 2, TIMESCALE);
  }

  /** Nearest media time of a position in {@code timescale}. */
  static long toMedia(long ticks, int timescale) {
    return Math.floorDiv(ticks * TIMESCALE + timescale / 2, timescale);
  }

  /** Whether a position in {@code timescale} lies before a media time; exact. */
  static boolean before(long ticks, int timescale, long media90k) {
    return ticks * TIMESCALE < media90k * timescale;
  }

  static long toMs(long media90k) {
    return Math.floorDiv(media90k + PER_MS / 2, PER_MS);
  }
}
