package io.millrace.media.codec;

import java.util.Arrays;
import java.util.Optional;

/**
 * AV1 temporal units. Temporal delimiters and padding are taken out. Source: AV1 in ISOBMFF §2.4.
 */
final class ObuParser implements AccessUnitParser {
  private final boolean reducedHeader;
  private final CodecLimits limits;

  /**
   * @param reducedHeader reduced_still_picture_header of the sequence: every frame is a shown key
   *     frame
   */
  ObuParser(boolean reducedHeader, CodecLimits limits) {
    this.reducedHeader = reducedHeader;
    this.limits = limits;
  }

  @Override
  public AccessUnit parse(byte[] sample) throws CodecException {
    boolean key = false;
    boolean picture = false;
    int size = 0;
    ObuIterator obus = new ObuIterator(sample, 0, sample.length, limits.maxNalUnits());
    while (obus.next()) {
      int type = obus.type();
      if (type == ObuIterator.TEMPORAL_DELIMITER || type == ObuIterator.PADDING) {
        continue;
      }
      if (type == ObuIterator.FRAME || type == ObuIterator.FRAME_HEADER) {
        key |= !picture && isShownKeyFrame(sample, obus.payloadStart(), obus.end());
        picture = true;
      }
      // Moved towards the front of the array that the caller gave away; never over unread bytes.
      int length = obus.end() - obus.start();
      System.arraycopy(sample, obus.start(), sample, size, length);
      size += length;
    }
    if (!picture) {
      return AccessUnit.EMPTY;
    }
    return new AccessUnit(
        key, size == sample.length ? sample : Arrays.copyOf(sample, size), Optional.empty());
  }

  /** First bits of uncompressed_header(), AV1 §5.9.2. */
  private boolean isShownKeyFrame(byte[] sample, int from, int to) throws CodecException {
    if (from >= to) {
      throw Rules.broken("obu.frameHeader", "0 bytes", "at least 1");
    }
    if (reducedHeader) {
      return true;
    }
    int bits = sample[from] & 0xFF;
    boolean showExisting = (bits & 0x80) != 0;
    int frameType = bits >> 5 & 3;
    boolean shown = (bits & 0x10) != 0;
    return !showExisting && frameType == 0 && shown;
  }
}
