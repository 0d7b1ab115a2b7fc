package io.millrace.media.codec;

import java.util.Set;

/**
 * H.264 sequence parameter set. Source: ITU-T H.264 §7.3.2.1.1 and §E.1.1.
 *
 * @param level level_idc, ten times the level
 * @param width luma samples after cropping
 * @param height luma samples after cropping
 * @param frameRate by VUI timing, 0 when not given or not a frame rate
 */
record H264Sps(
    int profile,
    int constraints,
    int level,
    int chromaFormat,
    int bitDepth,
    int width,
    int height,
    boolean interlaced,
    VideoUsability usability,
    double frameRate) {

  static final int NAL_TYPE = 7;

  private static final Set<Integer> WITH_CHROMA_FORMAT =
      Set.of(100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135);

  /**
   * @param nal the NAL unit with its header byte, with emulation prevention
   */
  static H264Sps parse(byte[] nal, CodecLimits limits) throws CodecException {
    return new Parser(BitReader.ofNalUnit(nal), limits).parse();
  }

  /** Progressive 4:2:0 8-bit in a profile that every player knows, level at most 5.2. */
  boolean widelyPlayable() {
    boolean profileKnown = profile == 66 || profile == 77 || profile == 100;
    return profileKnown && chromaFormat == 1 && bitDepth == 8 && level <= 52 && !interlaced;
  }

  private static final class Parser {
    /** Coded sizes round up to macroblocks, heights of field pairs to two of them. */
    private static final int BLOCK_SLACK = 31;

    private final BitReader in;
    private final CodecLimits limits;
    private int chromaFormat = 1;
    private boolean separatePlanes;
    private int bitDepth = 8;

    Parser(BitReader in, CodecLimits limits) {
      this.in = in;
      this.limits = limits;
    }

    H264Sps parse() throws CodecException {
      int header = in.bits(8);
      if ((header & 0x9F) != NAL_TYPE) {
        throw Rules.broken("sps.nalHeader", header, "NAL type 7");
      }
      int profile = in.bits(8);
      int constraints = in.bits(8);
      int level = in.bits(8);
      in.ue("seq_parameter_set_id", 31);
      if (WITH_CHROMA_FORMAT.contains(profile)) {
        chromaFormat();
      }
      in.ue("log2_max_frame_num_minus4", 12);
      pictureOrderCount();
      in.ue("max_num_ref_frames", 16);
      in.skip(1); // gaps_in_frame_num_value_allowed_flag
      int widthMbs = in.ue("pic_width_in_mbs_minus1", 65_535) + 1;
      int heightUnits = in.ue("pic_height_in_map_units_minus1", 65_535) + 1;
      boolean framesOnly = in.flag();
      if (!framesOnly) {
        in.skip(1); // mb_adaptive_frame_field_flag
      }
      in.skip(1); // direct_8x8_inference_flag
      int codedWidth = widthMbs * 16;
      int codedHeight = heightUnits * 16 * (framesOnly ? 1 : 2);
      limits.checkPicture(codedWidth, codedHeight, BLOCK_SLACK);
      int[] crop = in.flag() ? crop(framesOnly) : new int[2];
      int width = cropped("cropWidth", codedWidth, crop[0]);
      int height = cropped("cropHeight", codedHeight, crop[1]);
      limits.checkPicture(width, height);
      VideoUsability usability = VideoUsability.NONE;
      double frameRate = 0;
      if (in.flag()) {
        usability = VideoUsability.read(in);
        frameRate = frameRate();
      }
      return new H264Sps(
          profile,
          constraints,
          level,
          chromaFormat,
          bitDepth,
          width,
          height,
          !framesOnly,
          usability,
          frameRate);
    }

    private void chromaFormat() throws CodecException {
      chromaFormat = in.ue("chroma_format_idc", 3);
      if (chromaFormat == 3) {
        separatePlanes = in.flag();
      }
      int luma = 8 + in.ue("bit_depth_luma_minus8", 6);
      int chroma = 8 + in.ue("bit_depth_chroma_minus8", 6);
      bitDepth = Math.max(luma, chroma);
      in.skip(1); // qpprime_y_zero_transform_bypass_flag
      if (in.flag()) {
        int lists = chromaFormat == 3 ? 12 : 8;
        for (int i = 0; i < lists; i++) {
          if (in.flag()) {
            scalingList(i < 6 ? 16 : 64);
          }
        }
      }
    }

    private void scalingList(int size) throws CodecException {
      long last = 8;
      long next = 8;
      for (int i = 0; i < size; i++) {
        if (next != 0) {
          next = Math.floorMod(last + in.se() + 256, 256L);
        }
        last = next == 0 ? last : next;
      }
    }

    private void pictureOrderCount() throws CodecException {
      int type = in.ue("pic_order_cnt_type", 2);
      if (type == 0) {
        in.ue("log2_max_pic_order_cnt_lsb_minus4", 12);
      } else if (type == 1) {
        in.skip(1); // delta_pic_order_always_zero_flag
        in.se();
        in.se();
        int count = in.ue("num_ref_frames_in_pic_order_cnt_cycle", 255);
        for (int i = 0; i < count; i++) {
          in.se();
        }
      }
    }

    /** Samples cut off: {horizontally, vertically}. Source: H.264 equations 7-19 to 7-22. */
    private int[] crop(boolean framesOnly) throws CodecException {
      boolean mono = chromaFormat == 0 || separatePlanes;
      int unitX = !mono && (chromaFormat == 1 || chromaFormat == 2) ? 2 : 1;
      int unitY = (!mono && chromaFormat == 1 ? 2 : 1) * (framesOnly ? 1 : 2);
      int x = in.ue("frame_crop_left_offset", 65_535) + in.ue("frame_crop_right_offset", 65_535);
      int y = in.ue("frame_crop_top_offset", 65_535) + in.ue("frame_crop_bottom_offset", 65_535);
      return new int[] {x * unitX, y * unitY};
    }

    private static int cropped(String field, int coded, int cut) throws CodecException {
      if (cut >= coded) {
        throw Rules.broken(field, cut, "less than the coded " + coded);
      }
      return coded - cut;
    }

    /**
     * Time bases of variable-rate encoders (1 ms, 1/90000 s) are no frame rate and read as 0; a
     * fixed rate above the limit is refused.
     */
    private double frameRate() throws CodecException {
      if (!in.flag()) {
        return 0;
      }
      long unitsInTick = in.bitsLong(32);
      long timeScale = in.bitsLong(32);
      boolean fixed = in.flag();
      if (unitsInTick == 0 || timeScale == 0) {
        return 0;
      }
      double rate = timeScale / (2.0 * unitsInTick);
      if (rate <= limits.maxFramesPerSecond()) {
        return rate;
      }
      if (fixed) {
        throw Rules.broken("frameRate", rate, "at most " + limits.maxFramesPerSecond());
      }
      return 0;
    }
  }
}
