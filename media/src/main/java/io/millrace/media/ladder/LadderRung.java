package io.millrace.media.ladder;

/**
 * One configured rung.
 *
 * @param name rendition name, e.g. {@code 720p}
 * @param shorterSidePixels size of the picture's shorter side
 * @param bitrateBps target bit rate, bit/s
 * @param maxFps frames per second above which frames are left out
 */
public record LadderRung(String name, int shorterSidePixels, int bitrateBps, int maxFps) {

  public LadderRung {
    if (!name.matches("[a-z0-9]{1,16}")
        || name.equals(Ladder.SOURCE_NAME)
        || name.equals(Ladder.AUDIO_NAME)) {
      throw new IllegalArgumentException(
          "name: " + name + " (expected: 1 to 16 of a-z 0-9, not \"source\" or \"audio\")");
    }
    within("shorterSidePixels", shorterSidePixels, 64, 2304);
    within("bitrateBps", bitrateBps, 50_000, 100_000_000);
    within("maxFps", maxFps, 1, 120);
  }

  private static void within(String field, int actual, int min, int max) {
    if (actual < min || actual > max) {
      throw new IllegalArgumentException(
          field + ": " + actual + " (expected: " + min + " to " + max + ")");
    }
  }
}
