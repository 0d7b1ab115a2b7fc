package io.millrace.media.codec;

import io.millrace.media.Codec;

/**
 * AAC AudioSpecificConfig. Source: ISO/IEC 14496-3 §1.6.2.1, GASpecificConfig §4.4.1.
 *
 * @param objectType as signalled first: 2 LC, 5 SBR, 29 PS, ...
 * @param sampleRate core rate, Hz
 * @param channels of the core, PS counted as two
 * @param frameSamples 1024 or 960, at the core rate
 */
record AudioSpecificConfig(int objectType, int sampleRate, int channels, int frameSamples) {
  private static final int MAIN = 1;
  private static final int LC = 2;
  private static final int LTP = 4;
  private static final int SBR = 5;
  private static final int PS = 29;
  private static final int ESCAPE = 31;

  private static final int[] RATES = {
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350
  };

  static AudioSpecificConfig parse(byte[] config) throws CodecException {
    BitReader in = new BitReader(config);
    int objectType = objectType(in);
    int rate = rate(in);
    int channelConfig = in.bits(4);
    int core = objectType;
    if (objectType == SBR || objectType == PS) {
      rate(in); // the rate after spectral band replication
      core = objectType(in);
    }
    if (core != LC && core != MAIN && core != LTP) {
      throw Rules.broken("audioObjectType", core, "AAC Main, LC or LTP, with or without SBR, PS");
    }
    int frameSamples = in.flag() ? 960 : 1024;
    if (in.flag()) {
      in.skip(14); // coreCoderDelay
    }
    in.skip(1); // extensionFlag
    int channels = channelConfig == 0 ? programConfig(in) : channels(channelConfig);
    boolean stereoByPs = objectType == PS && channels == 1;
    return new AudioSpecificConfig(objectType, rate, stereoByPs ? 2 : channels, frameSamples);
  }

  private static int objectType(BitReader in) throws CodecException {
    int type = in.bits(5);
    return type == ESCAPE ? 32 + in.bits(6) : type;
  }

  private static int rate(BitReader in) throws CodecException {
    int index = in.bits(4);
    if (index == 15) {
      return in.bits(24);
    }
    return RATES[Rules.range("samplingFrequencyIndex", index, 0, RATES.length - 1)];
  }

  private static int channels(int channelConfig) throws CodecException {
    return switch (channelConfig) {
      case 1, 2, 3, 4, 5, 6 -> channelConfig;
      case 7, 12, 14 -> 8;
      case 11 -> 7;
      default -> throw Rules.broken("channelConfiguration", channelConfig, "0 to 7, 11, 12 or 14");
    };
  }

  /** Channels of a program_config_element. Source: ISO/IEC 14496-3 §4.4.1.1. */
  private static int programConfig(BitReader in) throws CodecException {
    in.skip(4 + 2 + 4); // element_instance_tag, object_type, sampling_frequency_index
    int[] pairable = {in.bits(4), in.bits(4), in.bits(4)};
    int lfe = in.bits(2);
    in.skip(3 + 4); // assoc_data, valid_cc
    if (in.flag()) {
      in.skip(4);
    }
    if (in.flag()) {
      in.skip(4);
    }
    if (in.flag()) {
      in.skip(3);
    }
    int channels = lfe;
    for (int elements : pairable) {
      for (int i = 0; i < elements; i++) {
        channels += in.flag() ? 2 : 1;
        in.skip(4);
      }
    }
    return channels;
  }

  AudioFormat format(byte[] config) {
    return new AudioFormat(
        Codec.AAC, sampleRate, channels, frameSamples, "mp4a.40." + objectType, config.clone());
  }
}
