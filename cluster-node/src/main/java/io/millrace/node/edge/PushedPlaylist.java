package io.millrace.node.edge;

import io.millrace.http.Playlist;
import io.millrace.http.PlaylistPosition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A playlist on its way to another node: the compressed bytes alone, since the plain ones are in
 * them. All nodes serve the same bytes in both forms.
 *
 * @param gzip gzip of the UTF-8 text
 * @param lastMsn of its position
 * @param lastPart of its position
 * @param wholeParts of its position
 * @param delta the same version without what is skipped; null: there is none
 */
record PushedPlaylist(
    byte[] gzip,
    String etag,
    boolean ended,
    int targetDurationSeconds,
    long lastMsn,
    int lastPart,
    int wholeParts,
    int partTargetMillis,
    PushedPlaylist delta) {
  private static final int MAX_PLAIN_BYTES = 8 << 20;

  static PushedPlaylist of(Playlist playlist) {
    return new PushedPlaylist(
        playlist.gzip(),
        playlist.etag(),
        playlist.ended(),
        playlist.targetDurationSeconds(),
        playlist.position().lastMsn(),
        playlist.position().lastPart(),
        playlist.position().wholeParts(),
        playlist.partTargetMillis(),
        playlist.delta().map(PushedPlaylist::of).orElse(null));
  }

  Playlist toPlaylist() {
    return new Playlist(
        plain(),
        gzip,
        etag,
        ended,
        targetDurationSeconds,
        new PlaylistPosition(lastMsn, lastPart, wholeParts),
        Optional.ofNullable(delta).map(PushedPlaylist::toPlaylist),
        partTargetMillis);
  }

  private byte[] plain() {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      byte[] plain = in.readNBytes(MAX_PLAIN_BYTES + 1);
      if (plain.length > MAX_PLAIN_BYTES) {
        throw new IOException("playlist: more than " + MAX_PLAIN_BYTES + " bytes");
      }
      return plain;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PushedPlaylist that
        && Arrays.equals(gzip, that.gzip)
        && etag.equals(that.etag)
        && ended == that.ended
        && targetDurationSeconds == that.targetDurationSeconds
        && lastMsn == that.lastMsn
        && lastPart == that.lastPart
        && wholeParts == that.wholeParts
        && partTargetMillis == that.partTargetMillis
        && Objects.equals(delta, that.delta);
  }

  @Override
  public int hashCode() {
    return Objects.hash(etag, ended, targetDurationSeconds, lastMsn, lastPart);
  }
}
