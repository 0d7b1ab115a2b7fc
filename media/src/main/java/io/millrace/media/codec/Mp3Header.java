package io.millrace.media.codec;

import io.millrace.media.Codec;

/** MPEG audio layer III frame header. Source: ISO/IEC 11172-3 §2.4.1.3, 13818-3, MPEG-2.5. */
final class Mp3Header {
  private static final int[] MPEG1_RATES = {44_100, 48_000, 32_000};
  private static final int LAYER_3 = 1;
  private static final int MPEG1 = 3;

  private Mp3Header() {}

  static AudioFormat parse(byte[] config) throws CodecException {
    byte[] head = AudioFormats.head("mp3.header", config, 4);
    if ((head[0] & 0xFF) != 0xFF || (head[1] & 0xE0) != 0xE0) {
      throw Rules.broken("mp3.sync", "missing", "11 set bits");
    }
    int version = head[1] >> 3 & 3;
    if (version == 1) {
      throw Rules.broken("mp3.version", version, "MPEG-1, 2 or 2.5");
    }
    Rules.range("mp3.layer", head[1] >> 1 & 3, LAYER_3, LAYER_3);
    int index = Rules.range("mp3.sampleRateIndex", head[2] >> 2 & 3, 0, 2);
    // MPEG-2 halves the rates of MPEG-1, MPEG-2.5 halves them again.
    int rate = MPEG1_RATES[index] >> (version == MPEG1 ? 0 : version == 2 ? 1 : 2);
    int channels = (head[3] >> 6 & 3) == 3 ? 1 : 2;
    return new AudioFormat(
        Codec.MP3, rate, channels, version == MPEG1 ? 1152 : 576, "mp4a.40.34", config.clone());
  }

  /** The header without what changes from frame to frame: bit rate, padding, mode extension. */
  static byte[] configOf(byte[] frame) throws CodecException {
    byte[] head = AudioFormats.head("mp3.header", frame, 4);
    parse(head);
    boolean mono = (head[3] >> 6 & 3) == 3;
    head[1] |= 1;
    head[2] &= 0x0C;
    head[3] = (byte) (mono ? 0xC0 : 0);
    return head;
  }
}
