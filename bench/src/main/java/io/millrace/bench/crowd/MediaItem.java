package io.millrace.bench.crowd;

/**
 * A segment or part that a playlist lists.
 *
 * @param part index within its segment; {@link #WHOLE} for a segment
 * @param independent decoding can start here
 */
record MediaItem(long msn, int part, String uri, double seconds, boolean independent) {
  static final int WHOLE = -1;

  boolean isWhole() {
    return part == WHOLE;
  }
}
