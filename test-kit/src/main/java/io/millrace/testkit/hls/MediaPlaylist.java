package io.millrace.testkit.hls;

import java.time.Instant;
import java.util.ArrayList;
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
 * @param segments of a delta update with those that it leaves out, once it is merged
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
    List<Segment> segments,
    LowLatency lowLatency)
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
      String mapUri,
      List<LowLatency.Part> parts) {

    public Segment {
      parts = List.copyOf(parts);
    }

    /** Without parts. */
    public Segment(
        long msn,
        String uri,
        double durationSeconds,
        boolean discontinuity,
        long discontinuitySequence,
        boolean gap,
        Optional<Instant> programDateTime,
        String mapUri) {
      this(
          msn,
          uri,
          durationSeconds,
          discontinuity,
          discontinuitySequence,
          gap,
          programDateTime,
          mapUri,
          List.of());
    }

    Segment withoutParts() {
      return new Segment(
          msn,
          uri,
          durationSeconds,
          discontinuity,
          discontinuitySequence,
          gap,
          programDateTime,
          mapUri);
    }
  }

  /** The listed parts of a segment, whole or not. */
  List<LowLatency.Part> partsOf(long msn) {
    if (msn == lastMsn() + 1) {
      return lowLatency.open();
    }
    long index = msn - mediaSequence;
    return index < 0 || index >= segments.size() ? List.of() : segments.get((int) index).parts();
  }

  /** The same with the segments that a delta update leaves out. */
  MediaPlaylist merged(List<Segment> skipped) {
    List<Segment> all = new ArrayList<>(skipped);
    all.addAll(segments);
    return new MediaPlaylist(
        version,
        independentSegments,
        targetDurationSeconds,
        mediaSequence,
        discontinuitySequence,
        playlistType,
        ended,
        segmentsAfterEnd,
        all,
        lowLatency);
  }

  /** Number of the last segment; one less than {@link #mediaSequence()} when there is none. */
  public long lastMsn() {
    return mediaSequence + segments.size() - 1;
  }

  public double durationSeconds() {
    return segments.stream().mapToDouble(Segment::durationSeconds).sum();
  }
}
