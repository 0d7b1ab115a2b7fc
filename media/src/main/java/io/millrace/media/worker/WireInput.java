package io.millrace.media.worker;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one frame and never past its end. Every read throws {@link WireException}
 * when the frame is too short, before anything is allocated.
 */
final class WireInput {
  private static final int MAX_CONSTANT_BYTES = 32;

  private final DataInputStream in;
  private int remaining;

  WireInput(DataInputStream in, int frameSize) {
    this.in = in;
    this.remaining = frameSize;
  }

  int u8() throws IOException {
    take(1);
    return in.readUnsignedByte();
  }

  boolean bool() throws IOException {
    int value = u8();
    if (value > 1) {
      throw new WireException("boolean: " + value + " (expected: 0 or 1)");
    }
    return value == 1;
  }

  int u16() throws IOException {
    take(2);
    return in.readUnsignedShort();
  }

  int i32() throws IOException {
    take(4);
    return in.readInt();
  }

  long i64() throws IOException {
    take(8);
    return in.readLong();
  }

  String string(int maxBytes) throws IOException {
    int length = u16();
    if (length > maxBytes) {
      throw new WireException("string length: " + length + " (expected: <= " + maxBytes + ")");
    }
    return new String(bytes(length), StandardCharsets.UTF_8);
  }

  byte[] bytes(int length) throws IOException {
    take(length);
    byte[] value = new byte[length];
    in.readFully(value);
    return value;
  }

  byte[] rest() throws IOException {
    return bytes(remaining);
  }

  /** An enum constant by its name. */
  <E extends Enum<E>> E constant(Class<E> type) throws IOException {
    String name = string(MAX_CONSTANT_BYTES);
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      throw new WireException(type.getSimpleName() + ": " + name + " (expected: a constant)");
    }
  }

  void end() throws WireException {
    if (remaining != 0) {
      throw new WireException("frame: " + remaining + " bytes left (expected: none)");
    }
  }

  private void take(int count) throws WireException {
    if (count < 0 || count > remaining) {
      throw new WireException("frame: " + remaining + " bytes left (expected: >= " + count + ")");
    }
    remaining -= count;
  }
}
