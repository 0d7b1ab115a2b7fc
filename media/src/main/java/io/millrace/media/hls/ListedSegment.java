package io.millrace.media.hls;

import io.millrace.media.PartRef;
import io.millrace.media.SegmentRef;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One segment of a window with its parts; its lines are made once. */
final class ListedSegment {
  /** The lines that depend on what stands before. */
  private static final Set<SegmentTag> BEFORE_PARTS = EnumSet.of(SegmentTag.PROGRAM_DATE_TIME);

  /** Behind the parts, if it has any, as those came first. */
  private static final Set<SegmentTag> WITHOUT_PARTS = EnumSet.of(SegmentTag.GAP);

  private static final Set<SegmentTag> AFTER_PARTS = EnumSet.of(SegmentTag.EXTINF, SegmentTag.URI);

  private final SegmentRef ref;
  private final String before;
  private final String after;
  private String partLines;
  private List<PartRef> parts = List.of();
  private double longestSeconds;

  ListedSegment(SegmentRef ref) {
    this.ref = ref;
    this.before = lines(BEFORE_PARTS);
    this.after = lines(AFTER_PARTS);
    this.partLines = lines(WITHOUT_PARTS);
  }

  private String lines(Set<SegmentTag> tags) {
    StringBuilder lines = new StringBuilder();
    tags.forEach(tag -> tag.line(ref, "").ifPresent(line -> lines.append(line).append('\n')));
    return lines.toString();
  }

  void parts(PartLine.Open open) {
    parts = List.copyOf(open.parts());
    partLines = open.lines().toString();
  }

  void dropParts() {
    parts = List.of();
    partLines = lines(WITHOUT_PARTS);
  }

  /** The segment after it comes in parts, as it did. */
  boolean leadsToParts() {
    return !parts.isEmpty() && !ref.gap();
  }

  void appendTo(StringBuilder out, String mapInForce) {
    append(out, SegmentTag.DISCONTINUITY, mapInForce);
    append(out, SegmentTag.MAP, mapInForce);
    out.append(before).append(partLines).append(after);
  }

  private void append(StringBuilder out, SegmentTag tag, String mapInForce) {
    tag.line(ref, mapInForce).ifPresent(line -> out.append(line).append('\n'));
  }

  SegmentRef ref() {
    return ref;
  }

  List<PartRef> parts() {
    return parts;
  }

  double seconds() {
    return ref.durationSeconds();
  }

  /** A playlist of this length has listed it. */
  void distributed(double playlistSeconds) {
    longestSeconds = Math.max(longestSeconds, playlistSeconds);
  }

  /** How long it stays fetchable after its removal, ms. */
  long holdMs() {
    return (long) Math.ceil((seconds() + longestSeconds) * 1000);
  }
}
