package io.millrace.protocol.flv;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an FLV file or stream piece by piece. One reader per stream; not thread-safe. Source: Adobe
 * FLV 10.1 §E.2 to §E.4.
 */
public final class FlvReader {
  private static final int HEADER_BYTES = 9;
  private static final int TAG_HEADER_BYTES = 11;
  private static final int BACK_POINTER_BYTES = 4;
  private static final int MAX_HEADER_BYTES = 1024;

  private boolean headerRead;

  /**
   * @param in bytes of the stream from where the last call left off; the position is moved past the
   *     returned tag and its back pointer, or past the file header, and stays when more is needed
   * @return the next tag; empty when more bytes are needed
   * @throws FlvException MALFORMED when this is no FLV
   */
  public Optional<FlvTag> next(ByteBuffer in) throws FlvException {
    if (!headerRead && !readHeader(in)) {
      return Optional.empty();
    }
    int at = in.position();
    if (in.remaining() < TAG_HEADER_BYTES) {
      return Optional.empty();
    }
    int type = in.get(at) & 0x1F;
    if (type != FlvTag.AUDIO && type != FlvTag.VIDEO && type != FlvTag.SCRIPT) {
      throw FlvException.malformed("tagType", type, "8, 9 or 18");
    }
    int size = uint24(in, at + 1);
    if (in.remaining() < TAG_HEADER_BYTES + size + BACK_POINTER_BYTES) {
      return Optional.empty();
    }
    long timestamp = (in.get(at + 7) & 0xFFL) << 24 | uint24(in, at + 4);
    byte[] body = new byte[size];
    in.get(at + TAG_HEADER_BYTES, body);
    in.position(at + TAG_HEADER_BYTES + size + BACK_POINTER_BYTES);
    return Optional.of(new FlvTag(type, timestamp, body));
  }

  /**
   * All whole tags of a file.
   *
   * @throws FlvException as {@link #next}
   */
  public static List<FlvTag> readAll(byte[] file) throws FlvException {
    FlvReader reader = new FlvReader();
    ByteBuffer in = ByteBuffer.wrap(file);
    List<FlvTag> tags = new ArrayList<>();
    for (Optional<FlvTag> tag = reader.next(in); tag.isPresent(); tag = reader.next(in)) {
      tags.add(tag.get());
    }
    return tags;
  }

  private boolean readHeader(ByteBuffer in) throws FlvException {
    if (in.remaining() < HEADER_BYTES) {
      return false;
    }
    int at = in.position();
    if (in.get(at) != 'F' || in.get(at + 1) != 'L' || in.get(at + 2) != 'V') {
      throw FlvException.malformed("signature", "other bytes", "FLV");
    }
    int offset = in.getInt(at + 5);
    if (offset < HEADER_BYTES || offset > MAX_HEADER_BYTES) {
      throw FlvException.malformed("dataOffset", offset, "9 to " + MAX_HEADER_BYTES);
    }
    if (in.remaining() < offset + BACK_POINTER_BYTES) {
      return false;
    }
    in.position(at + offset + BACK_POINTER_BYTES);
    headerRead = true;
    return true;
  }

  private static int uint24(ByteBuffer in, int at) {
    return (in.get(at) & 0xFF) << 16 | (in.get(at + 1) & 0xFF) << 8 | (in.get(at + 2) & 0xFF);
  }
}
