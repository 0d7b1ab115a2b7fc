package io.millrace.media.demux;

/**
 * Turns 32-bit timestamps into a count that goes on over the wrap. A step of less than 2^31 ms in
 * either direction is taken as that step.
 */
final class TimestampUnwrapper {
  private boolean started;
  private long last;

  /**
   * @param timestampMs32 unsigned 32 bits
   * @return ms; the first value is its own
   */
  long unwrap(long timestampMs32) {
    if (!started) {
      started = true;
      last = timestampMs32 & 0xFFFF_FFFFL;
      return last;
    }
    last += (int) (timestampMs32 - last);
    return last;
  }
}
