package io.millrace.media.codec;

/**
 * Video usability information, the part that H.264 (§E.1.1) and HEVC (§E.2.1) share.
 *
 * @param sarWidth sample aspect ratio, 1:1 when not given
 * @param sarHeight sample aspect ratio, 1:1 when not given
 */
record VideoUsability(int sarWidth, int sarHeight, ColorDescription color) {
  static final VideoUsability NONE = new VideoUsability(1, 1, ColorDescription.UNSPECIFIED);

  private static final int EXTENDED_SAR = 255;
  private static final int MAX_SAR = 8;

  /** Table E-1: width and height by aspect_ratio_idc. */
  private static final int[][] SAR = {
    {1, 1}, {1, 1}, {12, 11}, {10, 11}, {16, 11}, {40, 33}, {24, 11}, {20, 11}, {32, 11}, {80, 33},
    {18, 11}, {15, 11}, {64, 33}, {160, 99}, {4, 3}, {3, 2}, {2, 1}
  };

  /** From aspect_ratio_info_present_flag up to the chroma location. */
  static VideoUsability read(BitReader in) throws CodecException {
    int[] sar = SAR[0];
    if (in.flag()) {
      sar = sampleAspectRatio(in);
    }
    if (in.flag()) {
      in.skip(1); // overscan_appropriate_flag
    }
    ColorDescription color = ColorDescription.UNSPECIFIED;
    if (in.flag()) {
      color = color(in);
    }
    if (in.flag()) {
      in.ue("chroma_sample_loc_type_top_field", 5);
      in.ue("chroma_sample_loc_type_bottom_field", 5);
    }
    return new VideoUsability(sar[0], sar[1], color);
  }

  private static int[] sampleAspectRatio(BitReader in) throws CodecException {
    int idc = in.bits(8);
    if (idc != EXTENDED_SAR) {
      return idc < SAR.length ? SAR[idc] : SAR[0];
    }
    int width = in.bits(16);
    int height = in.bits(16);
    if (width == 0 || height == 0) {
      return SAR[0];
    }
    if (width > (long) MAX_SAR * height || height > (long) MAX_SAR * width) {
      throw Rules.broken("sampleAspectRatio", width + ":" + height, "at most 8:1 either way");
    }
    return new int[] {width, height};
  }

  private static ColorDescription color(BitReader in) throws CodecException {
    in.skip(3); // video_format
    boolean fullRange = in.flag();
    if (!in.flag()) {
      return new ColorDescription(2, 2, 2, fullRange);
    }
    return new ColorDescription(in.bits(8), in.bits(8), in.bits(8), fullRange);
  }

  /** Width to show a picture of this coded size with; the shorter spacing is left alone. */
  int displayWidth(int codedWidth) {
    return sarWidth <= sarHeight
        ? codedWidth
        : (int) Math.round((double) codedWidth * sarWidth / sarHeight);
  }

  /** Height to show a picture of this coded size with. */
  int displayHeight(int codedHeight) {
    return sarHeight <= sarWidth
        ? codedHeight
        : (int) Math.round((double) codedHeight * sarHeight / sarWidth);
  }
}
