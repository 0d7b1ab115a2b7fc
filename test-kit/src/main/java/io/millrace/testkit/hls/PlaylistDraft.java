package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import io.millrace.testkit.hls.MultivariantPlaylist.Media;
import io.millrace.testkit.hls.MultivariantPlaylist.Variant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the parser has read so far; {@link PlaylistTag}s and URI lines fill it. */
final class PlaylistDraft {
  final Set<PlaylistTag> seen = EnumSet.noneOf(PlaylistTag.class);
  int version = 1;
  boolean independentSegments;
  Integer targetDurationSeconds;
  long mediaSequence;
  Long discontinuitySequence;
  String playlistType = "";
  boolean ended;
  boolean segmentsAfterEnd;
  final List<Segment> segments = new ArrayList<>();
  final List<Variant> variants = new ArrayList<>();
  final List<Media> media = new ArrayList<>();

  // Of the segment or variant whose URI line is still to come.
  Double durationSeconds;
  boolean discontinuity;
  boolean gap;
  Instant programDateTime;
  Map<String, String> streamInf;

  String mapUri = "";
  private long discontinuities;

  boolean isMultivariant() {
    return !variants.isEmpty() || !media.isEmpty() || streamInf != null;
  }

  void uriLine(String uri) throws PlaylistSyntaxException {
    if (streamInf != null) {
      variants.add(new Variant(streamInf, uri));
      streamInf = null;
      return;
    }
    if (durationSeconds == null) {
      throw new PlaylistSyntaxException("URI without EXTINF: " + uri);
    }
    addSegment(uri);
  }

  private void addSegment(String uri) {
    discontinuities += discontinuity ? 1 : 0;
    long dsn = (discontinuitySequence == null ? 0 : discontinuitySequence) + discontinuities;
    segments.add(
        new Segment(
            mediaSequence + segments.size(),
            uri,
            durationSeconds,
            discontinuity,
            dsn,
            gap,
            Optional.ofNullable(programDateTime),
            mapUri));
    segmentsAfterEnd |= ended;
    durationSeconds = null;
    discontinuity = false;
    gap = false;
    programDateTime = null;
  }

  ParsedPlaylist finish() throws PlaylistSyntaxException {
    if (durationSeconds != null || streamInf != null) {
      throw new PlaylistSyntaxException("no URI line at the end");
    }
    if (!isMultivariant()) {
      return new MediaPlaylist(
          version,
          independentSegments,
          Optional.ofNullable(targetDurationSeconds),
          mediaSequence,
          Optional.ofNullable(discontinuitySequence),
          playlistType,
          ended,
          segmentsAfterEnd,
          segments);
    }
    if (!segments.isEmpty() || targetDurationSeconds != null || ended) {
      throw new PlaylistSyntaxException("tags of both kinds of playlist");
    }
    return new MultivariantPlaylist(version, independentSegments, variants, media);
  }
}
