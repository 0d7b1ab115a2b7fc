package io.millrace.testkit.hls;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One version of a media playlist.
 *
 * @param targetDurationSeconds empty: no EXT-X-TARGETDURATION
 * @param mediaSequence number of the first segment, 0 without the tag
 * @param discontinuitySequence empty: no EXT-X-DISCONTINUITY-SEQUENCE
 * @param playlistType {@code EVENT}, {@code VOD}, or empty
 * @param ended has EXT-X-ENDLIST
 * @param segmentsAfterEnd segments stand behind EXT-X-ENDLIST
 */
public record MediaPlaylist(
    int version,
    boolean independentSegments,
    Optional<Integer> targetDurationSeconds,
    long mediaSequence,
    Optional<Long> discontinuitySequence,
    String playlistType,
    boolean ended,
    boolean segmentsAfterEnd,
    List<Segment> segments)
    implements ParsedPlaylist {

  public MediaPlaylist {
    segments = List.copyOf(segments);
  }

  /** One listed segment; {@code mapUri} is empty without EXT-X-MAP, {@code uri} as written. */
  public record Segment(
      long msn,
      String uri,
      double durationSeconds,
      boolean discontinuity,
      long discontinuitySequence,
      boolean gap,
      Optional<Instant> programDateTime,
      String mapUri) {}

  /** Number of the last segment; one less than {@link #mediaSequence()} when there is none. */
  public long lastMsn() {
    return mediaSequence + segments.size() - 1;
  }

  public double durationSeconds() {
    return segments.stream().mapToDouble(Segment::durationSeconds).sum();
  }
}
