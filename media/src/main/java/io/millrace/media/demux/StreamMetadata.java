package io.millrace.media.demux;

import java.util.Map;

/**
 * What a publisher declares about itself in {@code onMetaData}; 0 where it says nothing usable.
 * Never trusted for anything but a first guess.
 *
 * @param videoBitrateBps bit/s
 * @param audioBitrateBps bit/s
 * @param frameRate frames per second
 * @param encoder name of the encoder without control characters, at most 64 characters
 */
public record StreamMetadata(
    long videoBitrateBps, long audioBitrateBps, double frameRate, String encoder) {

  public static final StreamMetadata NONE = new StreamMetadata(0, 0, 0, "");

  private static final double MAX_KBPS = 1_000_000;
  private static final int MAX_ENCODER_CHARS = 64;

  static StreamMetadata of(Map<String, Object> metadata) {
    return new StreamMetadata(
        Math.round(1000 * number(metadata, "videodatarate", MAX_KBPS)),
        Math.round(1000 * number(metadata, "audiodatarate", MAX_KBPS)),
        number(metadata, "framerate", 1000),
        encoder(metadata.get("encoder")));
  }

  /** Video and audio together, bit/s; 0 when not declared. */
  public long bitrateBps() {
    return videoBitrateBps + audioBitrateBps;
  }

  private static double number(Map<String, Object> metadata, String key, double max) {
    if (metadata.get(key) instanceof Number number) {
      double value = number.doubleValue();
      return value > 0 && value <= max ? value : 0;
    }
    return 0;
  }

  private static String encoder(Object value) {
    if (!(value instanceof String text)) {
      return "";
    }
    String head = text.substring(0, Math.min(text.length(), MAX_ENCODER_CHARS));
    return head.replaceAll("\\p{Cntrl}", "?");
  }
}
