package io.millrace.media.codec;

import java.util.Optional;

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
  Kind kind(byte[] data, int offset, int length) throws CodecException;

  /** The configuration that an IDR at this point starts; empty when it is the one in force. */
  default Optional<byte[]> configAtIdr() throws CodecException {
    return Optional.empty();
  }
}
