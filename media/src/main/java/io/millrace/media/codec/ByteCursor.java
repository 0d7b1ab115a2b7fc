package io.millrace.media.codec;

import java.util.Arrays;

/** Reads bytes of a configuration record; nothing is allocated before its size is checked. */
final class ByteCursor {
  private final byte[] data;
  private int position;

  ByteCursor(byte[] data) {
    this.data = data;
  }

  int remaining() {
    return data.length - position;
  }

  int position() {
    return position;
  }

  int u8(String field) throws CodecException {
    need(field, 1);
    return data[position++] & 0xFF;
  }

  int u16(String field) throws CodecException {
    return u8(field) << 8 | u8(field);
  }

  void skip(String field, int count) throws CodecException {
    need(field, count);
    position += count;
  }

  byte[] bytes(String field, int count) throws CodecException {
    need(field, count);
    position += count;
    return Arrays.copyOfRange(data, position - count, position);
  }

  private void need(String field, int count) throws CodecException {
    if (count > data.length - position) {
      throw Rules.broken(field, count + " bytes", "at most the remaining " + remaining());
    }
  }
}
