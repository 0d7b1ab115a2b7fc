package io.millrace.http;

import java.util.Optional;

/**
 * One rendered version of a playlist, shared by all requests.
 *
 * @param plain UTF-8 text
 * @param gzip the same, gzip-compressed
 * @param etag strong entity tag without quotes
 * @param ended has ENDLIST: will not change any more
 * @param targetDurationSeconds for Cache-Control
 * @param position how far it goes
 * @param delta the same version as an answer to {@code _HLS_skip=YES}; empty: nothing to skip
 * @param partTargetMillis PART-TARGET, ms; 0: a plain playlist that blocks for nobody
 */
public record Playlist(
    byte[] plain,
    byte[] gzip,
    String etag,
    boolean ended,
    int targetDurationSeconds,
    PlaylistPosition position,
    Optional<Playlist> delta,
    int partTargetMillis) {

  /** A playlist without parts. */
  public Playlist(
      byte[] plain, byte[] gzip, String etag, boolean ended, int targetDurationSeconds) {
    this(
        plain,
        gzip,
        etag,
        ended,
        targetDurationSeconds,
        PlaylistPosition.NONE,
        Optional.empty(),
        0);
  }
}
