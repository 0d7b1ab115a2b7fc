package io.millrace.media.worker;

/**
 * Which frames of a rung are left out: by the divisor of load shedding, and where the source has
 * clearly more frames per second than the rung. An IDR is always kept and restarts the counting, so
 * that the choice after an IDR does not depend on what came before it.
 */
final class FrameThinner {
  private static final double CLEARLY_MORE = 1.2;

  private final double rungFps;
  private long kept;
  private long anchorPts;
  private int sinceIdr;

  FrameThinner(double rungFps) {
    this.rungFps = rungFps;
  }

  /**
   * @param sourceFps measured or declared, 0 when unknown
   */
  boolean keep(long pts90k, boolean idr, int divisor, double sourceFps) {
    if (idr) {
      sinceIdr = 0;
      kept = 1;
      anchorPts = pts90k;
      return true;
    }
    sinceIdr++;
    if (sourceFps > rungFps * CLEARLY_MORE) {
      return keepByTime(pts90k, divisor);
    }
    return sinceIdr % divisor == 0;
  }

  private boolean keepByTime(long pts90k, int divisor) {
    double frame = 90_000.0 * divisor / rungFps;
    double position = (pts90k - anchorPts) / frame;
    // A quarter of a frame of jitter is not "early".
    if (position < kept - 0.25) {
      return false;
    }
    kept = (long) Math.floor(position + 0.25) + 1;
    return true;
  }
}
