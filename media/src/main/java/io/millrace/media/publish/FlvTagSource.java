package io.millrace.media.publish;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Tags of an FLV stream, from its first to its last complete one; a truncated end is an end. Tags
 * of unknown types are left out. Source: FLV 10.1 annex E.
 */
public final class FlvTagSource implements TagSource {
  private static final int HEADER_BYTES = 9;
  private static final int TAG_HEADER_BYTES = 11;
  private static final int BACK_POINTER_BYTES = 4;

  private final DataInputStream in;
  private boolean started;

  /** Closes {@code in} when it is closed itself. */
  public FlvTagSource(InputStream in) {
    this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
  }

  @Override
  public Optional<PublishTag> next() throws IOException {
    if (!started) {
      readHeader();
      started = true;
    }
    while (true) {
      byte[] header = in.readNBytes(TAG_HEADER_BYTES);
      if (header.length < TAG_HEADER_BYTES) {
        return Optional.empty();
      }
      byte[] body = in.readNBytes(unsigned24(header, 1));
      if (body.length < unsigned24(header, 1)) {
        return Optional.empty();
      }
      in.readNBytes(BACK_POINTER_BYTES);
      PublishTag.Type type = type(header[0] & 0x1F);
      if (type != null) {
        return Optional.of(new PublishTag(type, timestampMs(header), body));
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void readHeader() throws IOException {
    byte[] header = in.readNBytes(HEADER_BYTES);
    if (header.length < HEADER_BYTES || header[0] != 'F' || header[1] != 'L' || header[2] != 'V') {
      throw new IOException("input: not FLV (expected: signature FLV)");
    }
    int size = (header[5] & 0xFF) << 24 | unsigned24(header, 6);
    if (size < HEADER_BYTES) {
      throw new IOException("FLV header size: " + size + " (expected: at least 9)");
    }
    try {
      in.skipNBytes(size - HEADER_BYTES + (long) BACK_POINTER_BYTES);
    } catch (EOFException e) {
      throw new IOException("input: ends in the FLV header", e);
    }
  }

  private static PublishTag.Type type(int wire) {
    for (PublishTag.Type type : PublishTag.Type.values()) {
      if (type.wire() == wire) {
        return type;
      }
    }
    return null;
  }

  private static long timestampMs(byte[] header) {
    return (header[7] & 0xFFL) << 24 | unsigned24(header, 4);
  }

  private static int unsigned24(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 16 | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF);
  }
}
