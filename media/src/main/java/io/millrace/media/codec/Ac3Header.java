package io.millrace.media.codec;

import io.millrace.media.Codec;

/** AC-3 syncinfo and bsi. Source: ETSI TS 102 366 §4.4. */
final class Ac3Header {
  private static final int HEAD_BYTES = 8;
  private static final int[] RATES = {48_000, 44_100, 32_000};
  private static final int[] CHANNELS = {2, 1, 2, 3, 3, 4, 4, 5};
  private static final int MAX_BSID = 8;

  private Ac3Header() {}

  static AudioFormat parse(byte[] config) throws CodecException {
    byte[] head = AudioFormats.head("ac3.header", config, HEAD_BYTES);
    BitReader in = new BitReader(head);
    Rules.range("ac3.syncword", in.bits(16), 0x0B77, 0x0B77);
    in.skip(16); // crc1
    int rate = RATES[Rules.range("ac3.fscod", in.bits(2), 0, 2)];
    Rules.range("ac3.frmsizecod", in.bits(6), 0, 37);
    Rules.range("ac3.bsid", in.bits(5), 0, MAX_BSID);
    in.skip(3); // bsmod
    int mode = in.bits(3);
    if ((mode & 1) != 0 && mode != 1) {
      in.skip(2); // cmixlev
    }
    if ((mode & 4) != 0) {
      in.skip(2); // surmixlev
    }
    if (mode == 2) {
      in.skip(2); // dsurmod
    }
    int channels = CHANNELS[mode] + in.bits(1);
    return new AudioFormat(Codec.AC3, rate, channels, 1536, "ac-3", config.clone());
  }

  /** The header without the checksum, the frame size and what follows the channel layout. */
  static byte[] configOf(byte[] frame) throws CodecException {
    byte[] head = AudioFormats.head("ac3.header", frame, HEAD_BYTES);
    parse(head);
    head[2] = 0;
    head[3] = 0;
    head[4] &= (byte) 0xC0;
    head[7] = 0;
    return head;
  }
}
