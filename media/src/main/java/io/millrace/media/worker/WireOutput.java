package io.millrace.media.worker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing big-endian buffer for one frame at a time; reused, so writing makes no garbage. */
final class WireOutput {
  private byte[] bytes = new byte[64 * 1024];
  private int size;

  void reset() {
    size = 0;
  }

  int size() {
    return size;
  }

  WireOutput u8(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  WireOutput bool(boolean value) {
    return u8(value ? 1 : 0);
  }

  WireOutput u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  WireOutput i32(int value) {
    return u16(value >>> 16).u16(value);
  }

  WireOutput i64(long value) {
    return i32((int) (value >>> 32)).i32((int) value);
  }

  WireOutput string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return u16(utf8.length).bytes(utf8);
  }

  WireOutput bytes(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  /** Overwrites four bytes at {@code offset}, for a length that is known last. */
  void setI32(int offset, int value) {
    bytes[offset] = (byte) (value >>> 24);
    bytes[offset + 1] = (byte) (value >>> 16);
    bytes[offset + 2] = (byte) (value >>> 8);
    bytes[offset + 3] = (byte) value;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
