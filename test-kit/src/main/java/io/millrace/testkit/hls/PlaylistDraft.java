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
import java.util.TreeMap;

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
  Map<String, String> serverControl = Map.of();
  Double partTargetSeconds;
  int skipped;
  final List<LowLatency.Part> parts = new ArrayList<>();
  final List<String> hints = new ArrayList<>();
  final Map<String, LowLatency.Report> reports = new TreeMap<>();
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

  /** RFC 8216bis §4.4.4.9: what is said of a segment is said before its first part. */
  void part(LowLatency.Part part) throws PlaylistSyntaxException {
    boolean mapMissing = mapUri.isEmpty() && skipped == 0;
    if (parts.isEmpty() && (programDateTime == null || mapMissing)) {
      throw new PlaylistSyntaxException(
          "L3", part.uri() + " before MAP and PROGRAM-DATE-TIME of its segment");
    }
    parts.add(part);
  }

  void checkBeforeParts(String tag) throws PlaylistSyntaxException {
    if (!parts.isEmpty()) {
      throw new PlaylistSyntaxException("L3", tag + " behind a part of its segment");
    }
  }

  private void addSegment(String uri) throws PlaylistSyntaxException {
    discontinuities += discontinuity ? 1 : 0;
    if (!hints.isEmpty() || !reports.isEmpty()) {
      throw new PlaylistSyntaxException("L8", "segment behind PRELOAD-HINT or RENDITION-REPORT");
    }
    long dsn = (discontinuitySequence == null ? 0 : discontinuitySequence) + discontinuities;
    segments.add(
        new Segment(
            mediaSequence + skipped + segments.size(),
            uri,
            durationSeconds,
            discontinuity,
            dsn,
            gap,
            Optional.ofNullable(programDateTime),
            mapUri,
            parts));
    parts.clear();
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
          segments,
          new LowLatency(
              serverControl,
              Optional.ofNullable(partTargetSeconds),
              skipped,
              parts,
              hints,
              reports));
    }
    if (!segments.isEmpty() || targetDurationSeconds != null || ended) {
      throw new PlaylistSyntaxException("tags of both kinds of playlist");
    }
    return new MultivariantPlaylist(version, independentSegments, variants, media);
  }
}
