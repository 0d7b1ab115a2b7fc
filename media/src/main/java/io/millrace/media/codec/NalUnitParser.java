package io.millrace.media.codec;

import java.util.Arrays;
import java.util.Optional;

/** Access units of length-prefixed NAL units. Source: ISO/IEC 14496-15 §4.3.3. */
final class NalUnitParser implements AccessUnitParser {
  private static final int OUT_LENGTH_SIZE = 4;

  private final NalRules rules;
  private final int lengthSize;
  private final CodecLimits limits;

  /** Offset and size of each kept NAL unit, grown as units are met. */
  private int[] spans = new int[64];

  private int kept;
  private int keptBytes;
  private int seiBytes;
  private boolean idr;
  private boolean picture;

  NalUnitParser(NalRules rules, int lengthSize, CodecLimits limits) {
    this.rules = rules;
    this.lengthSize = lengthSize;
    this.limits = limits;
  }

  @Override
  public AccessUnit parse(byte[] sample) throws CodecException {
    kept = 0;
    keptBytes = 0;
    seiBytes = 0;
    idr = false;
    picture = false;
    int count = 0;
    int position = 0;
    while (position < sample.length) {
      int size = length(sample, position);
      position += lengthSize;
      if (++count > limits.maxNalUnits()) {
        throw Rules.broken("nalUnits", count, "at most " + limits.maxNalUnits());
      }
      if (size > 0) {
        judge(sample, position, size);
      }
      position += size;
    }
    if (!picture) {
      return AccessUnit.EMPTY;
    }
    boolean unchanged = lengthSize == OUT_LENGTH_SIZE && keptBytes == sample.length;
    return new AccessUnit(
        idr, unchanged ? sample : rewrite(sample), idr ? rules.configAtIdr() : Optional.empty());
  }

  private int length(byte[] sample, int position) throws CodecException {
    if (lengthSize > sample.length - position) {
      throw Rules.broken("nalLength", "cut short", lengthSize + " bytes");
    }
    long size = 0;
    for (int i = 0; i < lengthSize; i++) {
      size = size << 8 | (sample[position + i] & 0xFF);
    }
    int remaining = sample.length - position - lengthSize;
    if (size > remaining) {
      throw Rules.broken("nalLength", size, "at most the remaining " + remaining);
    }
    return (int) size;
  }

  private void judge(byte[] sample, int offset, int size) throws CodecException {
    switch (rules.kind(sample, offset, size)) {
      case IDR -> {
        idr = true;
        picture = true;
      }
      case PICTURE -> {
        picture = true;
      }
      case SEI -> {
        seiBytes += size;
        if (seiBytes > limits.maxSeiBytes()) {
          throw Rules.broken("sei", seiBytes + " bytes", "at most " + limits.maxSeiBytes());
        }
      }
      case DROPPED -> {
        return;
      }
      case OTHER -> {}
    }
    keep(offset, size);
  }

  private void keep(int offset, int size) {
    if (2 * kept == spans.length) {
      spans = Arrays.copyOf(spans, 2 * spans.length);
    }
    spans[2 * kept] = offset;
    spans[2 * kept + 1] = size;
    kept++;
    keptBytes += OUT_LENGTH_SIZE + size;
  }

  private byte[] rewrite(byte[] sample) {
    byte[] out = new byte[keptBytes];
    int position = 0;
    for (int i = 0; i < kept; i++) {
      int size = spans[2 * i + 1];
      out[position++] = (byte) (size >> 24);
      out[position++] = (byte) (size >> 16);
      out[position++] = (byte) (size >> 8);
      out[position++] = (byte) size;
      System.arraycopy(sample, spans[2 * i], out, position, size);
      position += size;
    }
    return out;
  }
}
