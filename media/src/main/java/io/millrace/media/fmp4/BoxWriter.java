package io.millrace.media.fmp4;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes nested boxes into one growing array; sizes are filled in when a box ends. */
final class BoxWriter {
  private byte[] out = new byte[1024];
  private int size;

  /** Starts a box and returns the mark for {@link #end}. */
  int box(String type) {
    int mark = size;
    u32(0);
    ascii(type);
    return mark;
  }

  /** Starts a full box: a box with version and flags. */
  int fullBox(String type, int version, int flags) {
    int mark = box(type);
    u32(version << 24 | flags);
    return mark;
  }

  void end(int mark) {
    int length = size - mark;
    out[mark] = (byte) (length >> 24);
    out[mark + 1] = (byte) (length >> 16);
    out[mark + 2] = (byte) (length >> 8);
    out[mark + 3] = (byte) length;
  }

  void u8(int value) {
    if (size == out.length) {
      out = Arrays.copyOf(out, 2 * size);
    }
    out[size++] = (byte) value;
  }

  void u16(int value) {
    u8(value >> 8);
    u8(value);
  }

  void u32(int value) {
    u16(value >> 16);
    u16(value);
  }

  void ascii(String text) {
    bytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  void bytes(byte[] data) {
    for (byte b : data) {
      u8(b);
    }
  }

  void zeros(int count) {
    for (int i = 0; i < count; i++) {
      u8(0);
    }
  }

  byte[] toByteArray() {
    return Arrays.copyOf(out, size);
  }
}
