package io.millrace.media.ladder;

/**
 * A frame rate as a fraction.
 *
 * @param num numerator
 * @param den denominator
 */
public record FrameRate(int num, int den) {
  private static final FrameRate[] KNOWN = {
    new FrameRate(24_000, 1_001),
    new FrameRate(24, 1),
    new FrameRate(25, 1),
    new FrameRate(30_000, 1_001),
    new FrameRate(30, 1),
    new FrameRate(50, 1),
    new FrameRate(60_000, 1_001),
    new FrameRate(60, 1)
  };
  private static final double TOLERANCE = 0.005;

  /** The nearest usual rate within 0.5 %, else the nearest whole or thousandth. */
  public static FrameRate snap(double fps) {
    FrameRate best = null;
    for (FrameRate known : KNOWN) {
      double off = Math.abs(known.perSecond() - fps);
      if (off <= TOLERANCE * fps && (best == null || off < Math.abs(best.perSecond() - fps))) {
        best = known;
      }
    }
    if (best != null) {
      return best;
    }
    long whole = Math.max(1, Math.round(fps));
    return Math.abs(whole - fps) <= TOLERANCE * fps
        ? new FrameRate((int) whole, 1)
        : new FrameRate((int) Math.max(1, Math.round(fps * 1000)), 1000);
  }

  /** The highest whole fraction of this rate that is at most {@code maxFps}. */
  FrameRate atMost(int maxFps) {
    int divisor = (int) Math.ceil(perSecond() / (maxFps * (1 + TOLERANCE)));
    return divisor <= 1 ? this : new FrameRate(num, den * divisor);
  }

  public double perSecond() {
    return (double) num / den;
  }
}
