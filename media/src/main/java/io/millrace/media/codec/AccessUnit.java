package io.millrace.media.codec;

import java.util.Optional;

/**
 * One access unit in the form that the rest of the server works with.
 *
 * @param idr H.264 NAL type 5, HEVC IDR_W_RADL or IDR_N_LP, AV1 shown key frame
 * @param data 4-byte length-prefixed NAL units, or AV1 OBUs without temporal delimiters; empty when
 *     the unit holds no picture
 * @param newConfig H.264: avcC that in-band parameter sets have made and that is in force from this
 *     IDR on; {@code data} is then to be parsed anew with it
 */
public record AccessUnit(boolean idr, byte[] data, Optional<byte[]> newConfig) {
  static final AccessUnit EMPTY = new AccessUnit(false, new byte[0], Optional.empty());

  public boolean isEmpty() {
    return data.length == 0;
  }
}
