package io.millrace.node.edge;

import io.millrace.http.Playlist;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * A playlist on its way to another node: the compressed bytes alone, since the plain ones are in
 * them. All nodes serve the same bytes in both forms.
 *
 * @param gzip gzip of the UTF-8 text
 */
record PushedPlaylist(byte[] gzip, String etag, boolean ended, int targetDurationSeconds) {
  private static final int MAX_PLAIN_BYTES = 8 << 20;

  static PushedPlaylist of(Playlist playlist) {
    return new PushedPlaylist(
        playlist.gzip(), playlist.etag(), playlist.ended(), playlist.targetDurationSeconds());
  }

  Playlist toPlaylist() {
    return new Playlist(plain(), gzip, etag, ended, targetDurationSeconds);
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
        && targetDurationSeconds == that.targetDurationSeconds;
  }

  @Override
  public int hashCode() {
    return Objects.hash(etag, ended, targetDurationSeconds);
  }
}
