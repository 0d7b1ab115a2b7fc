package io.millrace.testkit.hls;

import java.util.ArrayList;
import java.util.List;

/**
 * All segments of one rendition that were listed while it was recorded, in order.
 *
 * @param audio it is the separate audio rendition, or an audio-only stream
 * @param ended the last version had ENDLIST
 */
public record RecordedRendition(
    String name, boolean audio, boolean ended, List<RecordedSegment> segments) {

  public RecordedRendition {
    segments = List.copyOf(segments);
  }

  /** Runs of segments that one decoder may read: cut at discontinuities, new MAPs and gaps. */
  public List<List<RecordedSegment>> periods() {
    List<List<RecordedSegment>> periods = new ArrayList<>();
    RecordedSegment before = null;
    for (RecordedSegment s : segments) {
      if (s.file().isPresent()) {
        if (before == null || !continues(before, s)) {
          periods.add(new ArrayList<>());
        }
        periods.get(periods.size() - 1).add(s);
        before = s;
      }
    }
    return periods;
  }

  /** Media sequence numbers between the first and the last that were never seen. */
  public List<Long> missing() {
    List<Long> missing = new ArrayList<>();
    for (int i = 1; i < segments.size(); i++) {
      for (long msn = segments.get(i - 1).msn() + 1; msn < segments.get(i).msn(); msn++) {
        missing.add(msn);
      }
    }
    return missing;
  }

  /** Media sequence numbers of segments with EXT-X-GAP. */
  public List<Long> gaps() {
    return segments.stream().filter(s -> s.listed().gap()).map(RecordedSegment::msn).toList();
  }

  /** Media sequence numbers of segments with EXT-X-DISCONTINUITY. */
  public List<Long> discontinuities() {
    return segments.stream()
        .filter(s -> s.listed().discontinuity())
        .map(RecordedSegment::msn)
        .toList();
  }

  private static boolean continues(RecordedSegment before, RecordedSegment s) {
    return s.msn() == before.msn() + 1
        && !s.listed().discontinuity()
        && s.listed().mapUri().equals(before.listed().mapUri());
  }
}
