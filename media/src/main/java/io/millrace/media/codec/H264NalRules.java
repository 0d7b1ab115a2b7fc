package io.millrace.media.codec;

import java.util.Optional;

/** NAL unit types of ITU-T H.264 table 7-1. */
final class H264NalRules implements NalRules {
  private final InBandSets inBand;

  H264NalRules(InBandSets inBand) {
    this.inBand = inBand;
  }

  @Override
  public Kind kind(byte[] data, int offset, int length) throws CodecException {
    return switch (data[offset] & 0x1F) {
      case 5 -> Kind.IDR;
      case 1, 2, 3, 4 -> Kind.PICTURE;
      case 6 -> Kind.SEI;
      case 7, 8 -> inBand.isKnown(data, offset, length) ? Kind.DROPPED : Kind.OTHER;
      case 9, 10, 11, 12 -> Kind.DROPPED;
      default -> Kind.OTHER;
    };
  }

  @Override
  public Optional<byte[]> configAtIdr() throws CodecException {
    return inBand.changedConfig();
  }
}
