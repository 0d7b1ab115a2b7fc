package io.millrace.media.worker;

import io.millrace.media.codec.ColorDescription;

/**
 * Everything an encoder of one rung is opened from; frozen at stream start and persisted, so that
 * every incarnation produces the same parameter sets.
 *
 * @param name rendition name
 * @param width output width, even
 * @param height output height, even
 * @param frameRateNum snapped frame rate, numerator (30000)
 * @param frameRateDen snapped frame rate, denominator (1001)
 * @param bitrateBps target, bit/s
 * @param maxrateBps VBV rate, bit/s
 * @param bufsizeBits VBV buffer, bits
 * @param profile {@code high}, {@code main} or {@code baseline}
 * @param level H.264 level times ten (31 = 3.1)
 * @param color copied from the source
 */
public record RungSettings(
    String name,
    int width,
    int height,
    int frameRateNum,
    int frameRateDen,
    int bitrateBps,
    int maxrateBps,
    int bufsizeBits,
    String profile,
    int level,
    ColorDescription color) {

  public double frameRate() {
    return (double) frameRateNum / frameRateDen;
  }
}
