package io.millrace.node.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses playlists into arrays of exactly their size (RFC 1952). A deflater keeps a quarter of
 * a megabyte outside the heap, and making one costs more than a playlist: each thread has its own,
 * however many streams there are.
 */
final class PlaylistGzip {
  private static final ThreadLocal<PlaylistGzip> OF_THREAD =
      ThreadLocal.withInitial(PlaylistGzip::new);

  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;

  /** Magic, deflate, no flags, no time, nothing about the compressor, unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  /**
   * Playlists repeat themselves so much that the fastest way costs a third of the time and a tenth
   * of the size.
   */
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);

  private byte[] buffer = new byte[4096];

  private PlaylistGzip() {}

  static byte[] compress(byte[] plain) {
    return OF_THREAD.get().gzip(plain);
  }

  private byte[] gzip(byte[] plain) {
    // Stored blocks, if it came to that, take 5 bytes per 16 KiB.
    int most = HEADER_BYTES + TRAILER_BYTES + plain.length + plain.length / 1024 + 64;
    if (buffer.length < most) {
      buffer = new byte[most];
    }
    System.arraycopy(HEADER, 0, buffer, 0, HEADER_BYTES);
    deflater.reset();
    deflater.setInput(plain);
    deflater.finish();
    int bytes = deflater.deflate(buffer, HEADER_BYTES, buffer.length - HEADER_BYTES);
    CRC32 crc = new CRC32();
    crc.update(plain);
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + bytes + TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.put(buffer, 0, HEADER_BYTES + bytes);
    return out.putInt((int) crc.getValue()).putInt(plain.length).array();
  }
}
