package io.millrace.media.codec;

/**
 * One access unit in the form that the rest of the server works with.
 *
 * @param idr H.264 NAL type 5, HEVC IDR_W_RADL or IDR_N_LP, AV1 shown key frame
 * @param data 4-byte length-prefixed NAL units, or AV1 OBUs without temporal delimiters; empty when
 *     the unit holds no picture
 */
public record AccessUnit(boolean idr, byte[] data) {
  static final AccessUnit EMPTY = new AccessUnit(false, new byte[0]);

  public boolean isEmpty() {
    return data.length == 0;
  }
}
