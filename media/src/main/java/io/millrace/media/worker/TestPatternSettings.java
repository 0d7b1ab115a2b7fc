package io.millrace.media.worker;

/**
 * What the test pattern is made of.
 *
 * @param width pixels, even
 * @param height pixels, even
 * @param fps whole frames per second
 * @param keyframeIntervalFrames frames from one IDR to the next
 * @param videoBitrateBps bit/s
 */
public record TestPatternSettings(
    int width, int height, int fps, int keyframeIntervalFrames, int videoBitrateBps) {
  /** 1280 × 720 at 30 frames per second, an IDR every 2 seconds, 2.5 Mbit/s. */
  public static final TestPatternSettings DEFAULT =
      new TestPatternSettings(1280, 720, 30, 60, 2_500_000);

  public TestPatternSettings {
    check("width", width, 160, 3840);
    check("height", height, 90, 3840);
    check("fps", fps, 1, 120);
    check("keyframeIntervalFrames", keyframeIntervalFrames, 1, 3600);
    check("videoBitrateBps", videoBitrateBps, 50_000, 50_000_000);
    if ((width | height) % 2 != 0) {
      throw new IllegalArgumentException(
          "size: " + width + "x" + height + " (expected: even numbers)");
    }
  }

  private static void check(String field, int actual, int least, int most) {
    if (actual < least || actual > most) {
      throw new IllegalArgumentException(
          field + ": " + actual + " (expected: " + least + ".." + most + ")");
    }
  }
}
