package io.millrace.media.codec;

/**
 * Reads bits, most significant first, from a byte array that it never writes. Every read past the
 * end is a {@link CodecException}.
 */
final class BitReader {
  private final byte[] data;
  private final int endBit;
  private int bit;

  BitReader(byte[] data) {
    this(data, 0, data.length);
  }

  BitReader(byte[] data, int offset, int length) {
    this.data = data;
    this.bit = offset * 8;
    this.endBit = (offset + length) * 8;
  }

  /**
   * A reader over a NAL unit with its emulation prevention bytes removed. Source: ITU-T H.264
   * §7.3.1, H.265 §7.3.1.1.
   */
  static BitReader ofNalUnit(byte[] nal) {
    byte[] out = new byte[nal.length];
    int size = 0;
    int zeros = 0;
    for (byte b : nal) {
      if (zeros >= 2 && b == 3) {
        zeros = 0;
        continue;
      }
      zeros = b == 0 ? zeros + 1 : 0;
      out[size++] = b;
    }
    return new BitReader(out, 0, size);
  }

  int remainingBits() {
    return endBit - bit;
  }

  int bytePosition() {
    return (bit + 7) / 8;
  }

  boolean flag() throws CodecException {
    return bits(1) == 1;
  }

  /** Up to 31 bits, unsigned. */
  int bits(int count) throws CodecException {
    return (int) bitsLong(count);
  }

  /** Up to 48 bits, unsigned. */
  long bitsLong(int count) throws CodecException {
    need(count);
    long value = 0;
    for (int i = 0; i < count; i++, bit++) {
      value = value << 1 | (data[bit >> 3] >> (7 - (bit & 7)) & 1);
    }
    return value;
  }

  void skip(int count) throws CodecException {
    need(count);
    bit += count;
  }

  /** Exp-Golomb ue(v), H.264 §9.1. */
  long ue() throws CodecException {
    int zeros = 0;
    while (!flag()) {
      if (++zeros > 32) {
        throw Rules.broken("expGolomb", "33 leading zeros", "at most 32");
      }
    }
    return (1L << zeros) - 1 + bitsLong(zeros);
  }

  /** ue(v) that must lie in [0, max]. */
  int ue(String field, int max) throws CodecException {
    return Rules.range(field, ue(), 0, max);
  }

  /** Exp-Golomb se(v), H.264 §9.1.1. */
  long se() throws CodecException {
    long k = ue();
    return (k & 1) == 1 ? (k + 1) / 2 : -(k / 2);
  }

  private void need(int count) throws CodecException {
    if (count > endBit - bit) {
      throw Rules.broken(
          "bits", endBit - bit, "at least " + count + " more, parameter set is cut short");
    }
  }
}
