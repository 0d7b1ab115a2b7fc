package io.millrace.media.hls;

import io.millrace.media.SegmentRef;

/**
 * Text of a media playlist. One enum constant per tag ({@link HeaderTag}, {@link SegmentTag}); the
 * order of the constants is the order of the lines. Called once per version by its owner.
 */
public final class MediaPlaylistWriter {

  private MediaPlaylistWriter() {}

  /** The current version of {@code window}; lines end with LF; URIs are relative. */
  public static String write(MediaPlaylistWindow window) {
    StringBuilder out = new StringBuilder(1024);
    for (HeaderTag tag : HeaderTag.values()) {
      tag.line(window).ifPresent(line -> append(out, line));
    }
    String mapInForce = "";
    for (SegmentRef segment : window.listed()) {
      appendSegment(out, segment, mapInForce);
      mapInForce = segment.initName();
    }
    if (window.ended()) {
      append(out, "#EXT-X-ENDLIST");
    }
    return out.toString();
  }

  private static void appendSegment(StringBuilder out, SegmentRef segment, String mapInForce) {
    for (SegmentTag tag : SegmentTag.values()) {
      tag.line(segment, mapInForce).ifPresent(line -> append(out, line));
    }
  }

  private static void append(StringBuilder out, String line) {
    out.append(line).append('\n');
  }
}
