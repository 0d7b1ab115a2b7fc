package io.millrace.testkit.hls;

import io.millrace.testkit.hls.FrameCode.Reading;
import java.util.Locale;

/**
 * One decoded frame.
 *
 * @param ptsSeconds media time
 * @param period name of the first segment of the period that it was decoded from
 */
public record ShownFrame(double ptsSeconds, Reading reading, String period) {

  boolean matches(int number) {
    return reading.isReadable() && reading.number() == number;
  }

  @Override
  public String toString() {
    String what = reading.isReadable() ? "" + reading.number() : reading.failure();
    return String.format(Locale.ROOT, "%s at %.3f s in the period of %s", what, ptsSeconds, period);
  }
}
