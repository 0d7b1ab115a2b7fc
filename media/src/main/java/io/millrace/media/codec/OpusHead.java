package io.millrace.media.codec;

import io.millrace.media.Codec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Opus identification header. Source: RFC 7845 §5.1. */
final class OpusHead {
  private static final byte[] MAGIC = "OpusHead".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED_BYTES = 19;

  private OpusHead() {}

  static AudioFormat parse(byte[] config) throws CodecException {
    if (config.length < FIXED_BYTES || !Arrays.equals(MAGIC, Arrays.copyOf(config, MAGIC.length))) {
      throw Rules.broken("opusHead", config.length + " bytes", "OpusHead of at least 19 bytes");
    }
    int version = config[8] & 0xFF;
    if (version >> 4 != 0) {
      throw Rules.broken("opusHead.version", version, "0 to 15");
    }
    int channels = Rules.range("opusHead.channels", config[9] & 0xFF, 1, 8);
    int family = config[18] & 0xFF;
    if (family == 0) {
      Rules.range("opusHead.channels", channels, 1, 2);
    } else {
      mapping(config, channels);
    }
    return new AudioFormat(Codec.OPUS, 48_000, channels, 0, "opus", config.clone());
  }

  private static void mapping(byte[] config, int channels) throws CodecException {
    if (config.length < FIXED_BYTES + 2 + channels) {
      throw Rules.broken("opusHead.mapping", config.length + " bytes", "a full mapping table");
    }
    int streams = Rules.range("opusHead.streams", config[19] & 0xFF, 1, channels);
    int coupled = Rules.range("opusHead.coupled", config[20] & 0xFF, 0, streams);
    for (int i = 0; i < channels; i++) {
      int index = config[21 + i] & 0xFF;
      if (index != 255) {
        Rules.range("opusHead.mapping", index, 0, streams + coupled - 1);
      }
    }
  }
}
