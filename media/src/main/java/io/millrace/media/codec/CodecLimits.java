package io.millrace.media.codec;

/**
 * What a publisher's parameter sets and access units may ask for; checked in Java before any native
 * code sees them.
 *
 * @param maxLongerSidePixels limit of the longer side of the coded picture, luma samples
 * @param maxShorterSidePixels limit of the shorter side of the coded picture, luma samples
 * @param maxFramesPerSecond limit of a declared fixed frame rate
 * @param maxConfigBytes limit of a configuration record, bytes
 * @param maxNalUnits limit of NAL units (or OBUs) in one access unit
 * @param maxSeiBytes limit of all SEI messages of one access unit together, bytes
 */
public record CodecLimits(
    int maxLongerSidePixels,
    int maxShorterSidePixels,
    int maxFramesPerSecond,
    int maxConfigBytes,
    int maxNalUnits,
    int maxSeiBytes) {

  private static final int MIN_SIDE_PIXELS = 16;

  private static final CodecLimits STANDARD =
      new CodecLimits(4096, 2304, 120, 65_536, 2_048, 262_144);

  public CodecLimits {
    atLeast("maxLongerSidePixels", maxLongerSidePixels, MIN_SIDE_PIXELS);
    atLeast("maxShorterSidePixels", maxShorterSidePixels, MIN_SIDE_PIXELS);
    atLeast("maxFramesPerSecond", maxFramesPerSecond, 1);
    atLeast("maxConfigBytes", maxConfigBytes, 64);
    atLeast("maxNalUnits", maxNalUnits, 1);
    atLeast("maxSeiBytes", maxSeiBytes, 0);
  }

  /** 4096×2304 in either orientation, 120 frames per second, 64 KiB of configuration. */
  public static CodecLimits standard() {
    return STANDARD;
  }

  private static void atLeast(String field, int actual, int minimum) {
    if (actual < minimum) {
      throw new IllegalArgumentException(
          field + ": " + actual + " (expected: at least " + minimum + ")");
    }
  }

  void checkConfigSize(byte[] config) throws CodecException {
    if (config.length > maxConfigBytes) {
      throw Rules.broken("configuration", config.length + " bytes", "at most " + maxConfigBytes);
    }
  }

  /** Both orientations are judged alike. */
  void checkPicture(int width, int height) throws CodecException {
    checkPicture(width, height, 0);
  }

  /**
   * Judges a size before cropping.
   *
   * @param slack samples that coding blocks may add to either side
   */
  void checkPicture(int width, int height, int slack) throws CodecException {
    int longer = Math.max(width, height);
    int shorter = Math.min(width, height);
    if (shorter < MIN_SIDE_PIXELS
        || longer > maxLongerSidePixels + slack
        || shorter > maxShorterSidePixels + slack) {
      throw Rules.broken(
          "picture",
          width + "x" + height,
          "16x16 to " + maxLongerSidePixels + "x" + maxShorterSidePixels);
    }
  }
}
