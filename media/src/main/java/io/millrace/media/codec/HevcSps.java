package io.millrace.media.codec;

/**
 * HEVC sequence parameter set. Source: ITU-T H.265 §7.3.2.2, §7.3.3, §E.2.1.
 *
 * @param generalBytes the 12 bytes of general profile, tier and level as in hvcC bytes 1 to 12
 * @param width luma samples after the conformance window
 * @param height luma samples after the conformance window
 * @param frameRate by VUI timing, 0 when not given or not a frame rate
 */
record HevcSps(
    byte[] generalBytes,
    int chromaFormat,
    int bitDepthLuma,
    int bitDepthChroma,
    int width,
    int height,
    VideoUsability usability,
    double frameRate) {

  static final int NAL_TYPE = 33;

  /**
   * @param nal the NAL unit with its 2-byte header, with emulation prevention
   */
  static HevcSps parse(byte[] nal, CodecLimits limits) throws CodecException {
    return new Parser(BitReader.ofNalUnit(nal), limits).parse();
  }

  int profile() {
    return generalBytes[0] & 0x1F;
  }

  int level() {
    return generalBytes[11] & 0xFF;
  }

  private static final class Parser {
    private static final int MAX_DELTA_POCS = 16;

    /** Coded sizes round up to the smallest coding block, at most 64 samples. */
    private static final int BLOCK_SLACK = 63;

    private final BitReader in;
    private final CodecLimits limits;

    Parser(BitReader in, CodecLimits limits) {
      this.in = in;
      this.limits = limits;
    }

    HevcSps parse() throws CodecException {
      int header = in.bits(16);
      if (header >> 9 != NAL_TYPE) {
        throw Rules.broken("sps.nalType", header >> 9, "33");
      }
      in.skip(4); // sps_video_parameter_set_id
      int maxSubLayer = Rules.range("sps_max_sub_layers_minus1", in.bits(3), 0, 6);
      in.skip(1); // sps_temporal_id_nesting_flag
      byte[] general = profileTierLevel(maxSubLayer);
      in.ue("sps_seq_parameter_set_id", 15);
      int chromaFormat = in.ue("chroma_format_idc", 3);
      boolean separatePlanes = chromaFormat == 3 && in.flag();
      int codedWidth = in.ue("pic_width_in_luma_samples", 65_535);
      int codedHeight = in.ue("pic_height_in_luma_samples", 65_535);
      limits.checkPicture(codedWidth, codedHeight, BLOCK_SLACK);
      int[] window = in.flag() ? window(separatePlanes ? 0 : chromaFormat) : new int[2];
      int width = cropped("conf_win_width", codedWidth, window[0]);
      int height = cropped("conf_win_height", codedHeight, window[1]);
      limits.checkPicture(width, height);
      int bitDepthLuma = 8 + in.ue("bit_depth_luma_minus8", 8);
      int bitDepthChroma = 8 + in.ue("bit_depth_chroma_minus8", 8);
      codingTools(maxSubLayer);
      VideoUsability usability = VideoUsability.NONE;
      double frameRate = 0;
      if (in.flag()) {
        usability = VideoUsability.read(in);
        frameRate = frameRate();
      }
      return new HevcSps(
          general, chromaFormat, bitDepthLuma, bitDepthChroma, width, height, usability, frameRate);
    }

    private byte[] profileTierLevel(int maxSubLayer) throws CodecException {
      byte[] general = new byte[12];
      for (int i = 0; i < general.length; i++) {
        general[i] = (byte) in.bits(8);
      }
      int profilePresent = 0;
      int levelPresent = 0;
      for (int i = 0; i < maxSubLayer; i++) {
        profilePresent += in.bits(1);
        levelPresent += in.bits(1);
      }
      if (maxSubLayer > 0) {
        in.skip(2 * (8 - maxSubLayer));
      }
      in.skip(88 * profilePresent + 8 * levelPresent);
      return general;
    }

    private int[] window(int chromaFormat) throws CodecException {
      int unitX = chromaFormat == 1 || chromaFormat == 2 ? 2 : 1;
      int unitY = chromaFormat == 1 ? 2 : 1;
      int x = in.ue("conf_win_left_offset", 65_535) + in.ue("conf_win_right_offset", 65_535);
      int y = in.ue("conf_win_top_offset", 65_535) + in.ue("conf_win_bottom_offset", 65_535);
      return new int[] {x * unitX, y * unitY};
    }

    private static int cropped(String field, int coded, int cut) throws CodecException {
      if (cut >= coded) {
        throw Rules.broken(field, cut, "less than the coded " + coded);
      }
      return coded - cut;
    }

    /** Everything between the bit depths and vui_parameters_present_flag. */
    private void codingTools(int maxSubLayer) throws CodecException {
      int pocBits = 4 + in.ue("log2_max_pic_order_cnt_lsb_minus4", 12);
      for (int i = in.flag() ? 0 : maxSubLayer; i <= maxSubLayer; i++) {
        in.ue();
        in.ue();
        in.ue();
      }
      for (int i = 0; i < 6; i++) {
        in.ue(); // block and transform sizes, transform hierarchy depths
      }
      boolean scaling = in.flag();
      if (scaling && in.flag()) {
        scalingLists();
      }
      in.skip(2); // amp_enabled_flag, sample_adaptive_offset_enabled_flag
      if (in.flag()) {
        in.skip(8); // pcm bit depths
        in.ue();
        in.ue();
        in.skip(1);
      }
      int sets = in.ue("num_short_term_ref_pic_sets", 64);
      int deltaPocs = 0;
      for (int i = 0; i < sets; i++) {
        deltaPocs = shortTermRefPicSet(i, deltaPocs);
      }
      if (in.flag()) {
        int longTerm = in.ue("num_long_term_ref_pics_sps", 32);
        in.skip(longTerm * (pocBits + 1));
      }
      in.skip(2); // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
    }

    private void scalingLists() throws CodecException {
      for (int size = 0; size < 4; size++) {
        for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
          if (!in.flag()) {
            in.ue();
            continue;
          }
          int count = Math.min(64, 1 << (4 + (size << 1))) + (size > 1 ? 1 : 0);
          for (int i = 0; i < count; i++) {
            in.se();
          }
        }
      }
    }

    /** Returns NumDeltaPocs of this set. Source: H.265 §7.3.7. */
    private int shortTermRefPicSet(int index, int previousDeltaPocs) throws CodecException {
      int count = 0;
      if (index > 0 && in.flag()) {
        in.skip(1); // delta_rps_sign
        in.ue();
        for (int j = 0; j <= previousDeltaPocs; j++) {
          boolean used = in.flag();
          if (used || in.flag()) {
            count++;
          }
        }
      } else {
        count = in.ue("num_negative_pics", MAX_DELTA_POCS);
        count += in.ue("num_positive_pics", MAX_DELTA_POCS);
        for (int i = 0; i < count; i++) {
          in.ue();
          in.skip(1);
        }
      }
      return Rules.range("numDeltaPocs", count, 0, 2 * MAX_DELTA_POCS);
    }

    private double frameRate() throws CodecException {
      in.skip(3); // neutral_chroma_indication_flag, field_seq_flag, frame_field_info_present_flag
      if (in.flag()) {
        for (int i = 0; i < 4; i++) {
          in.ue(); // default display window
        }
      }
      if (!in.flag()) {
        return 0;
      }
      long unitsInTick = in.bitsLong(32);
      long timeScale = in.bitsLong(32);
      if (unitsInTick == 0) {
        return 0;
      }
      double rate = (double) timeScale / unitsInTick;
      return rate <= limits.maxFramesPerSecond() ? rate : 0;
    }
  }
}
