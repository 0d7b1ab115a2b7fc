package io.millrace.media.codec;

import java.util.Arrays;
import java.util.List;

/** NAL unit types of ITU-T H.264 table 7-1. */
final class H264NalRules implements NalRules {
  private final List<byte[]> parameterSets;

  /**
   * @param parameterSets those of the configuration; repetitions of them are dropped
   */
  H264NalRules(List<byte[]> parameterSets) {
    this.parameterSets = parameterSets;
  }

  @Override
  public Kind kind(byte[] data, int offset, int length) {
    return switch (data[offset] & 0x1F) {
      case 5 -> Kind.IDR;
      case 1, 2, 3, 4 -> Kind.PICTURE;
      case 6 -> Kind.SEI;
      case 7, 8 -> known(data, offset, length) ? Kind.DROPPED : Kind.OTHER;
      case 9, 10, 11, 12 -> Kind.DROPPED;
      default -> Kind.OTHER;
    };
  }

  private boolean known(byte[] data, int offset, int length) {
    for (byte[] set : parameterSets) {
      if (Arrays.equals(set, 0, set.length, data, offset, offset + length)) {
        return true;
      }
    }
    return false;
  }
}
