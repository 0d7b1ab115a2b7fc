package io.millrace.media.codec;

import io.millrace.media.Codec;

/**
 * Checks and normalises the access units of one video configuration: bounds of every NAL unit or
 * OBU, {@link CodecLimits}, 4-byte lengths, no access unit delimiters and no filler. Parameter sets
 * are taken out of HEVC samples, and out of H.264 samples when they repeat the configuration's;
 * others start a new configuration at the next IDR.
 */
public interface AccessUnitParser {

  /**
   * @param sample one access unit as the publisher sent it; the caller gives the array away
   * @throws CodecException when a length points past the end or a limit is broken; the unit is to
   *     be dropped
   */
  AccessUnit parse(byte[] sample) throws CodecException;

  /**
   * @param config the configuration as the publisher sent it, which says the length size
   * @throws CodecException as {@link VideoFormats#parse}
   */
  static AccessUnitParser create(Codec codec, byte[] config, CodecLimits limits)
      throws CodecException {
    switch (codec) {
      case H264 -> {
        AvcConfig avc = AvcConfig.parse(config, limits);
        return new NalUnitParser(
            new H264NalRules(new InBandSets(avc, limits)), avc.nalLengthSize(), limits);
      }
      case HEVC -> {
        HevcConfig hevc = HevcConfig.parse(config, limits);
        return new NalUnitParser(new HevcNalRules(), hevc.nalLengthSize(), limits);
      }
      case AV1 -> {
        Av1Config av1 = Av1Config.parse(config, limits);
        return new ObuParser(av1.sequence().reduced(), limits);
      }
      default -> {
        throw Rules.broken("codec", codec, "a video codec");
      }
    }
  }
}
