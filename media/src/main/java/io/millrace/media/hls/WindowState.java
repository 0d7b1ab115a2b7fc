package io.millrace.media.hls;

import io.millrace.media.SegmentRef;
import java.util.List;

/**
 * What is persisted of a {@link MediaPlaylistWindow}; simple types only.
 *
 * @param nextMsn media sequence number of the next segment
 * @param discontinuitySequence EXT-X-DISCONTINUITY-SEQUENCE: DISCONTINUITY tags removed so far
 * @param ended has ENDLIST
 * @param listed the playlist's segments in order, without holes
 * @param retained removed segments that are still fetchable, oldest first
 */
public record WindowState(
    long nextMsn,
    long discontinuitySequence,
    boolean ended,
    List<SegmentRef> listed,
    List<RetainedSegment> retained) {

  public WindowState {
    listed = List.copyOf(listed);
    retained = List.copyOf(retained);
    for (int i = 0; i < listed.size(); i++) {
      long expected = nextMsn - listed.size() + i;
      if (listed.get(i).msn() != expected) {
        throw new IllegalArgumentException(
            "listed[" + i + "].msn: " + listed.get(i).msn() + " (expected: " + expected + ")");
      }
    }
  }

  /** A rendition that has not listed anything yet. */
  public static WindowState startingAt(long firstMsn) {
    return new WindowState(firstMsn, 0, false, List.of(), List.of());
  }
}
