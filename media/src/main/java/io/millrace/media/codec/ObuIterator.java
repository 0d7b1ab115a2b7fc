package io.millrace.media.codec;

/**
 * Walks the OBUs of a byte range, low-overhead format; every size is checked against the range.
 * Source: AV1 Bitstream & Decoding Process §5.3.
 */
final class ObuIterator {
  static final int SEQUENCE_HEADER = 1;
  static final int TEMPORAL_DELIMITER = 2;
  static final int FRAME_HEADER = 3;
  static final int FRAME = 6;
  static final int PADDING = 15;

  private final byte[] data;
  private final int limit;
  private final int maxObus;
  private int count;
  private int start;
  private int payloadStart;
  private int end;
  private int type;

  ObuIterator(byte[] data, int from, int to, int maxObus) {
    this.data = data;
    this.end = from;
    this.limit = to;
    this.maxObus = maxObus;
  }

  /** Moves on; false at the end of the range. */
  boolean next() throws CodecException {
    if (end >= limit) {
      return false;
    }
    if (++count > maxObus) {
      throw Rules.broken("obus", count, "at most " + maxObus);
    }
    start = end;
    int header = data[start] & 0xFF;
    if ((header & 0x80) != 0) {
      throw Rules.broken("obu_forbidden_bit", 1, "0");
    }
    type = header >> 3 & 0xF;
    int position = start + ((header & 4) != 0 ? 2 : 1);
    if (position > limit) {
      throw Rules.broken("obu", "header past the end", "within the unit");
    }
    if ((header & 2) == 0) {
      payloadStart = position;
      end = limit;
      return true;
    }
    long size = 0;
    for (int i = 0; ; i++) {
      if (position >= limit || i == 5) {
        throw Rules.broken("obu_size", "cut short", "a leb128 within the unit");
      }
      int b = data[position++] & 0xFF;
      size |= (long) (b & 0x7F) << (7 * i);
      if ((b & 0x80) == 0) {
        break;
      }
    }
    if (size > limit - position) {
      throw Rules.broken("obu_size", size, "at most the remaining " + (limit - position));
    }
    payloadStart = position;
    end = position + (int) size;
    return true;
  }

  int type() {
    return type;
  }

  /** Index of the OBU's header. */
  int start() {
    return start;
  }

  int payloadStart() {
    return payloadStart;
  }

  /** Index after the OBU. */
  int end() {
    return end;
  }
}
