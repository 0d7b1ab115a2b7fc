package io.millrace.media.codec;

/** What a NAL unit is, by codec. */
interface NalRules {
  /** Kinds that an access unit parser tells apart. */
  enum Kind {
    IDR,
    PICTURE,
    SEI,
    OTHER,
    /** Never written into a sample. */
    DROPPED
  }

  /** Kind of the NAL unit of {@code length} &gt; 0 bytes at {@code offset}. */
  Kind kind(byte[] data, int offset, int length);
}
