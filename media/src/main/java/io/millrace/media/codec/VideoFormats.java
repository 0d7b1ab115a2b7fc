package io.millrace.media.codec;

import io.millrace.media.Codec;

/** Entry point for video configurations. */
public final class VideoFormats {
  private static final int TRANSFER_PQ = 16;
  private static final int TRANSFER_HLG = 18;

  private VideoFormats() {}

  /**
   * Parses and validates a configuration.
   *
   * @param config avcC, hvcC or av1C contents (without a box header), as the publisher sent it or
   *     already normalised
   * @throws CodecException when it breaks its codec's syntax or a limit
   */
  public static VideoFormat parse(Codec codec, byte[] config, CodecLimits limits)
      throws CodecException {
    return switch (codec) {
      case H264 -> AvcConfig.parse(config, limits).format();
      case HEVC -> HevcConfig.parse(config, limits).format();
      case AV1 -> Av1Config.parse(config, limits).format();
      default -> throw Rules.broken("codec", codec, "a video codec");
    };
  }

  static boolean isHdr(ColorDescription color) {
    return color.transfer() == TRANSFER_PQ || color.transfer() == TRANSFER_HLG;
  }
}
