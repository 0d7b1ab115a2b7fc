package io.millrace.media.codec;

/** NAL unit types of ITU-T H.265 table 7-1. */
final class HevcNalRules implements NalRules {
  private static final int IDR_W_RADL = 19;
  private static final int IDR_N_LP = 20;
  private static final int LAST_VCL = 31;
  private static final int PREFIX_SEI = 39;
  private static final int SUFFIX_SEI = 40;

  @Override
  public Kind kind(byte[] data, int offset, int length) {
    int type = data[offset] >> 1 & 0x3F;
    if (type == IDR_W_RADL || type == IDR_N_LP) {
      return Kind.IDR;
    }
    if (type <= LAST_VCL) {
      return Kind.PICTURE;
    }
    if (type == PREFIX_SEI || type == SUFFIX_SEI) {
      return Kind.SEI;
    }
    // Parameter sets 32 to 34, delimiter 35, end of sequence 36, of bitstream 37, filler 38.
    return type < PREFIX_SEI ? Kind.DROPPED : Kind.OTHER;
  }
}
