package io.millrace.media.fmp4;

import io.millrace.media.codec.AudioFormat;

/** {@code mp4a} with {@code esds}. Source: ISO/IEC 14496-12 §12.2.3, 14496-14 §5.6. */
record AudioEntry(AudioFormat format) implements Movie.SampleEntry {
  private static final int ES_DESCRIPTOR = 3;
  private static final int DECODER_CONFIG = 4;
  private static final int DECODER_SPECIFIC = 5;
  private static final int SL_CONFIG = 6;
  private static final int MPEG4_AUDIO = 0x40;
  private static final int AUDIO_STREAM = 0x15;
  private static final int LONG_HEADER = 5;

  @Override
  public void write(BoxWriter out) {
    int entry = out.box("mp4a");
    out.zeros(6);
    out.u16(1); // data_reference_index
    out.zeros(8);
    out.u16(format.channels());
    out.u16(16); // samplesize
    out.zeros(4);
    out.u32(format.sampleRate() > 0xFFFF ? 0 : format.sampleRate() << 16);
    int esds = out.fullBox("esds", 0, 0);
    streamDescriptor(out);
    out.end(esds);
    out.end(entry);
  }

  private void streamDescriptor(BoxWriter out) {
    byte[] asc = format.configRecord();
    int decoderConfig = 13 + LONG_HEADER + asc.length;
    descriptor(out, ES_DESCRIPTOR, 3 + LONG_HEADER + decoderConfig + LONG_HEADER + 1);
    out.u16(0); // ES_ID
    out.u8(0);
    descriptor(out, DECODER_CONFIG, decoderConfig);
    out.u8(MPEG4_AUDIO);
    out.u8(AUDIO_STREAM);
    out.zeros(3 + 4 + 4); // buffer size, maximum and average bit rate: unknown
    descriptor(out, DECODER_SPECIFIC, asc.length);
    out.bytes(asc);
    descriptor(out, SL_CONFIG, 1);
    out.u8(2); // predefined: MP4
  }

  /** Tag and size in the four-byte form of ISO/IEC 14496-1 §8.3.3. */
  private static void descriptor(BoxWriter out, int tag, int length) {
    out.u8(tag);
    out.u8(0x80 | (length >> 21 & 0x7F));
    out.u8(0x80 | (length >> 14 & 0x7F));
    out.u8(0x80 | (length >> 7 & 0x7F));
    out.u8(length & 0x7F);
  }
}
