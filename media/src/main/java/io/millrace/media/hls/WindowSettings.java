package io.millrace.media.hls;

import java.time.Duration;

/**
 * How much of a live rendition its playlist lists.
 *
 * @param window media time that a playlist lists at most, unless the two minimums ask for more
 * @param minSegments segments that a playlist keeps at least once it has had them (Apple HLS
 *     authoring 8.11: 6)
 * @param firstMsn media sequence number of a stream's first segment
 */
public record WindowSettings(Duration window, int minSegments, long firstMsn) {

  /** RFC 8216bis §6.2.2: a playlist is never cut below this many target durations. */
  static final int MIN_TARGET_DURATIONS = 3;

  public WindowSettings {
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("window: " + window + " (expected: more than 0)");
    }
    if (minSegments < 1) {
      throw new IllegalArgumentException("minSegments: " + minSegments + " (expected: 1 or more)");
    }
    if (firstMsn < 0) {
      throw new IllegalArgumentException("firstMsn: " + firstMsn + " (expected: 0 or more)");
    }
  }
}
