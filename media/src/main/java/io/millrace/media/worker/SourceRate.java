package io.millrace.media.worker;

/**
 * Frames per second of the source: of the last whole group of pictures, before that what the
 * bitstream declares. Changes at IDRs only.
 */
final class SourceRate {
  private long firstPts;
  private long frames;
  private double measured;

  void reset() {
    frames = 0;
    measured = 0;
  }

  /** Counts a frame in display order; returns the rate that holds for it, 0 when unknown. */
  double frame(long pts90k, boolean sourceIdr, double declared) {
    if (sourceIdr) {
      if (frames > 1 && pts90k > firstPts) {
        measured = frames * 90_000.0 / (pts90k - firstPts);
      }
      frames = 0;
      firstPts = pts90k;
    }
    frames++;
    return measured > 0 ? measured : declared;
  }
}
