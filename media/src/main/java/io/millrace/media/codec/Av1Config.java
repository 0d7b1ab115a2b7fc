package io.millrace.media.codec;

import io.millrace.media.Codec;
import java.util.Arrays;
import java.util.Locale;

/**
 * AV1CodecConfigurationRecord with its sequence header OBU. Source: AV1 in ISOBMFF §2.3.
 *
 * @param record the record as it came
 */
record Av1Config(Av1SequenceHeader sequence, byte[] record) {
  private static final int FIXED_BYTES = 4;

  static Av1Config parse(byte[] config, CodecLimits limits) throws CodecException {
    limits.checkConfigSize(config);
    if (config.length < FIXED_BYTES) {
      throw Rules.broken("av1C", config.length + " bytes", "at least 4");
    }
    if ((config[0] & 0xFF) != 0x81) {
      throw Rules.broken("av1C.marker", config[0] & 0xFF, "129");
    }
    ObuIterator obus = new ObuIterator(config, FIXED_BYTES, config.length, limits.maxNalUnits());
    while (obus.next()) {
      if (obus.type() == ObuIterator.SEQUENCE_HEADER) {
        byte[] obu = Arrays.copyOfRange(config, obus.payloadStart(), obus.end());
        return new Av1Config(Av1SequenceHeader.parse(obu, limits), config.clone());
      }
    }
    throw Rules.broken("av1C.sequenceHeader", "missing", "1");
  }

  VideoFormat format() {
    return new VideoFormat(
        Codec.AV1,
        sequence.width(),
        sequence.height(),
        sequence.width(),
        sequence.height(),
        sequence.frameRate(),
        sequence.profile(),
        sequence.level(),
        String.format(
            Locale.ROOT,
            "av01.%d.%02d%s.%02d",
            sequence.profile(),
            sequence.level(),
            sequence.highTier() ? "H" : "M",
            sequence.bitDepth()),
        false,
        VideoFormats.isHdr(sequence.color()),
        sequence.color(),
        record);
  }
}
