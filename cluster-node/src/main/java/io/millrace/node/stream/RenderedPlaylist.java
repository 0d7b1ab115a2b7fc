package io.millrace.node.stream;

import io.millrace.http.Playlist;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/** Turns playlist text into the bytes that every request shares. */
final class RenderedPlaylist {

  private RenderedPlaylist() {}

  static Playlist of(String text, boolean ended, int targetDurationSeconds) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    return new Playlist(plain, gzip(plain), etag(plain), ended, targetDurationSeconds);
  }

  static String etag(byte[] plain) {
    CRC32 crc = new CRC32();
    crc.update(plain);
    return Long.toHexString(crc.getValue()) + "-" + Integer.toHexString(plain.length);
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
