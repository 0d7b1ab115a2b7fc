package io.millrace.media.codec;

import io.millrace.media.Codec;

/** FLAC STREAMINFO metadata block. Source: RFC 9639 §8.2. */
final class FlacStreamInfo {
  private static final int MAGIC = 0x664C6143;
  private static final int BLOCK_BYTES = 34;

  private FlacStreamInfo() {}

  static AudioFormat parse(byte[] config) throws CodecException {
    BitReader in = new BitReader(config);
    if (config.length != BLOCK_BYTES) {
      long magic = in.bitsLong(32);
      if (magic != MAGIC) {
        throw Rules.broken("flac.magic", magic, "fLaC");
      }
      Rules.range("flac.blockType", in.bits(8) & 0x7F, 0, 0);
      Rules.range("flac.blockSize", in.bits(24), BLOCK_BYTES, BLOCK_BYTES);
    }
    int minBlock = in.bits(16);
    int maxBlock = Rules.range("flac.maxBlockSize", in.bits(16), 16, 65_535);
    in.skip(24 + 24); // frame sizes
    int rate = in.bits(20);
    int channels = in.bits(3) + 1;
    in.skip(5 + 36 + 128); // bits per sample, total samples, checksum
    int frameSamples = minBlock == maxBlock ? maxBlock : 0;
    return new AudioFormat(Codec.FLAC, rate, channels, frameSamples, "fLaC", config.clone());
  }
}
