package io.millrace.media.codec;

import java.io.ByteArrayOutputStream;

/** Writes bits for broken parameter sets that no encoder would make. */
final class BitWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int current;
  private int count;

  BitWriter bits(long value, int width) {
    for (int i = width - 1; i >= 0; i--) {
      current = current << 1 | (int) (value >> i & 1);
      if (++count == 8) {
        out.write(current);
        count = 0;
        current = 0;
      }
    }
    return this;
  }

  BitWriter ue(long value) {
    int length = 63 - Long.numberOfLeadingZeros(value + 1);
    return bits(0, length).bits(value + 1, length + 1);
  }

  /** With a stop bit; zero runs are escaped as in a NAL unit. */
  byte[] nalUnit() {
    bits(1, 1);
    while (count != 0) {
      bits(0, 1);
    }
    ByteArrayOutputStream escaped = new ByteArrayOutputStream();
    int zeros = 0;
    for (byte b : out.toByteArray()) {
      if (zeros >= 2 && (b & 0xFC) == 0) {
        escaped.write(3);
        zeros = 0;
      }
      zeros = b == 0 ? zeros + 1 : 0;
      escaped.write(b);
    }
    return escaped.toByteArray();
  }
}
