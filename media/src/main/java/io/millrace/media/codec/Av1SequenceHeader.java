package io.millrace.media.codec;

/**
 * AV1 sequence header OBU. Source: AV1 Bitstream & Decoding Process §5.5.
 *
 * @param level seq_level_idx of the first operating point
 * @param frameRate by timing info, 0 when not given
 * @param reduced reduced_still_picture_header
 */
record Av1SequenceHeader(
    int profile,
    int level,
    boolean highTier,
    int bitDepth,
    int width,
    int height,
    double frameRate,
    boolean reduced,
    ColorDescription color) {

  /**
   * @param obu payload of the OBU, without header and size
   */
  static Av1SequenceHeader parse(byte[] obu, CodecLimits limits) throws CodecException {
    return new Parser(new BitReader(obu), limits).parse();
  }

  private static final class Parser {
    private final BitReader in;
    private final CodecLimits limits;
    private int level;
    private boolean highTier;
    private double frameRate;
    private int bitDepth;

    Parser(BitReader in, CodecLimits limits) {
      this.in = in;
      this.limits = limits;
    }

    Av1SequenceHeader parse() throws CodecException {
      int profile = Rules.range("seq_profile", in.bits(3), 0, 2);
      in.skip(1); // still_picture
      boolean reduced = in.flag();
      if (reduced) {
        level = in.bits(5);
      } else {
        operatingPoints();
      }
      int widthBits = in.bits(4) + 1;
      int heightBits = in.bits(4) + 1;
      int width = in.bits(widthBits) + 1;
      int height = in.bits(heightBits) + 1;
      limits.checkPicture(width, height);
      if (!reduced && in.flag()) {
        in.skip(7); // frame id lengths
      }
      in.skip(3); // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
      if (!reduced) {
        tools();
      }
      in.skip(3); // enable_superres, enable_cdef, enable_restoration
      ColorDescription color = color(profile);
      return new Av1SequenceHeader(
          profile, level, highTier, bitDepth, width, height, frameRate, reduced, color);
    }

    private void operatingPoints() throws CodecException {
      boolean decoderModel = false;
      int delayBits = 0;
      if (in.flag()) {
        timingInfo();
        decoderModel = in.flag();
        if (decoderModel) {
          delayBits = in.bits(5) + 1;
          in.skip(32 + 5 + 5);
        }
      }
      boolean initialDelay = in.flag();
      int points = in.bits(5) + 1;
      for (int i = 0; i < points; i++) {
        in.skip(12); // operating_point_idc
        int pointLevel = in.bits(5);
        boolean tier = pointLevel > 7 && in.flag();
        if (i == 0) {
          level = pointLevel;
          highTier = tier;
        }
        if (decoderModel && in.flag()) {
          in.skip(2 * delayBits + 1);
        }
        if (initialDelay && in.flag()) {
          in.skip(4);
        }
      }
    }

    private void timingInfo() throws CodecException {
      long unitsInTick = in.bitsLong(32);
      long timeScale = in.bitsLong(32);
      long ticksPerPicture = in.flag() ? in.ue() + 1 : 0;
      if (ticksPerPicture > 0 && unitsInTick > 0) {
        double rate = (double) timeScale / unitsInTick / ticksPerPicture;
        frameRate = rate <= limits.maxFramesPerSecond() ? rate : 0;
      }
    }

    private void tools() throws CodecException {
      in.skip(4); // interintra, masked compound, warped motion, dual filter
      boolean orderHint = in.flag();
      if (orderHint) {
        in.skip(2);
      }
      boolean chosenPerFrame = in.flag();
      boolean screenContent = chosenPerFrame || in.flag();
      if (screenContent && !in.flag()) {
        in.skip(1); // seq_force_integer_mv
      }
      if (orderHint) {
        in.skip(3);
      }
    }

    private ColorDescription color(int profile) throws CodecException {
      boolean highBitDepth = in.flag();
      boolean twelve = profile == 2 && highBitDepth && in.flag();
      bitDepth = twelve ? 12 : highBitDepth ? 10 : 8;
      boolean mono = profile != 1 && in.flag();
      int primaries = 2;
      int transfer = 2;
      int matrix = 2;
      if (in.flag()) {
        primaries = in.bits(8);
        transfer = in.bits(8);
        matrix = in.bits(8);
      }
      boolean srgb = !mono && primaries == 1 && transfer == 13 && matrix == 0;
      return new ColorDescription(primaries, transfer, matrix, srgb || in.flag());
    }
  }
}
