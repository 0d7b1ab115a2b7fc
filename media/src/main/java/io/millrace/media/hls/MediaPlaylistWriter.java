package io.millrace.media.hls;

import io.millrace.media.MediaPart;
import java.util.List;
import java.util.Optional;

/**
 * Text of a media playlist. One enum constant per tag ({@link HeaderTag}, {@link SegmentTag},
 * {@link PartTag}); the order of the constants is the order of the lines. Called once per version
 * by its owner.
 */
public final class MediaPlaylistWriter {

  private MediaPlaylistWriter() {}

  /** The current version of {@code window}; lines end with LF; URIs are relative. */
  public static String write(MediaPlaylistWindow window, LowLatencyTags tags) {
    return write(window, tags, 0);
  }

  /**
   * The same version as a delta update (RFC 8216bis §6.2.5.1): the same lines but those of the
   * skipped segments, whose MAP stays in force. Empty: there is nothing to skip.
   */
  public static Optional<String> writeDelta(MediaPlaylistWindow window, LowLatencyTags tags) {
    int skipped = window.ended() ? 0 : window.skippable();
    return skipped == 0 ? Optional.empty() : Optional.of(write(window, tags, skipped));
  }

  private static String write(MediaPlaylistWindow window, LowLatencyTags tags, int skipped) {
    StringBuilder out = new StringBuilder(1024);
    for (HeaderTag tag : HeaderTag.values()) {
      tag.line(window, skipped).ifPresent(line -> append(out, line));
    }
    List<ListedSegment> segments = window.segments();
    String mapInForce = skipped == 0 ? "" : segments.get(skipped - 1).ref().initName();
    for (ListedSegment segment : segments.subList(skipped, segments.size())) {
      segment.appendTo(out, mapInForce);
      mapInForce = segment.ref().initName();
    }
    if (window.ended()) {
      append(out, "#EXT-X-ENDLIST");
      return out.toString();
    }
    Optional<PartLine.Open> open = window.open();
    if (open.isPresent()) {
      appendOpen(out, open.get(), mapInForce);
    }
    for (PartTag tag : PartTag.values()) {
      tag.line(tags).ifPresent(line -> append(out, line));
    }
    return out.toString();
  }

  /** What stands before the first part is what will stand before the segment. */
  private static void appendOpen(StringBuilder out, PartLine.Open open, String mapInForce) {
    MediaPart.Parent parent = open.parent();
    if (parent.discontinuity()) {
      append(out, "#EXT-X-DISCONTINUITY");
    }
    if (!parent.initName().equals(mapInForce)) {
      append(out, SegmentTag.map(parent.initName()));
    }
    append(out, SegmentTag.programDateTime(parent.programDateTimeMs()));
    out.append(open.lines());
  }

  private static void append(StringBuilder out, String line) {
    out.append(line).append('\n');
  }
}
