package io.millrace.media.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * H.264 parameter sets that come inside the samples. What repeats the configuration's is nothing
 * new; what differs makes another configuration, which is in force from the next IDR on (a sequence
 * parameter set can change nowhere else, ITU-T H.264 §7.4.1.2.1).
 */
final class InBandSets {
  private static final int SPS = 7;
  private static final int MAX_SPS_ID = 31;
  private static final int MAX_PPS_ID = 255;
  private static final int MAX_CHANGED = 32;

  private final AvcConfig config;
  private final CodecLimits limits;

  /** By NAL type and id, newest last. */
  private final Map<Integer, byte[]> changed = new LinkedHashMap<>();

  InBandSets(AvcConfig config, CodecLimits limits) {
    this.config = config;
    this.limits = limits;
  }

  /**
   * Takes note of a parameter set.
   *
   * @return it is already in the configuration, byte for byte
   */
  boolean isKnown(byte[] data, int offset, int length) throws CodecException {
    for (byte[] set : config.parameterSets()) {
      if (Arrays.equals(set, 0, set.length, data, offset, offset + length)) {
        if (!changed.isEmpty()) {
          changed.remove(key(set));
        }
        return true;
      }
    }
    if (length > limits.maxConfigBytes()) {
      throw Rules.broken("parameterSet", length, "at most " + limits.maxConfigBytes());
    }
    byte[] set = Arrays.copyOfRange(data, offset, offset + length);
    int key = key(set);
    changed.remove(key);
    Rules.range("parameterSets.changed", changed.size() + 1L, 1, MAX_CHANGED);
    changed.put(key, set);
    return false;
  }

  private static int key(byte[] set) throws CodecException {
    BitReader in = BitReader.ofNalUnit(set);
    int type = in.bits(8) & 0x1F;
    if (type != SPS) {
      return type << 8 | in.ue("pic_parameter_set_id", MAX_PPS_ID);
    }
    in.skip(24); // profile, constraints, level
    return type << 8 | in.ue("seq_parameter_set_id", MAX_SPS_ID);
  }

  /** The configuration with what has changed, in the publisher's form; empty when nothing has. */
  Optional<byte[]> changedConfig() throws CodecException {
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    List<byte[]> sps = new ArrayList<>();
    List<byte[]> pps = new ArrayList<>();
    List<byte[]> newestFirst = new ArrayList<>(changed.values());
    Collections.reverse(newestFirst);
    newestFirst.forEach(set -> (isSps(set) ? sps : pps).add(set));
    for (byte[] set : config.parameterSets()) {
      if (!changed.containsKey(key(set))) {
        (isSps(set) ? sps : pps).add(set);
      }
    }
    return Optional.of(AvcConfig.record(config.nalLengthSize(), sps, pps, limits));
  }

  private static boolean isSps(byte[] set) {
    return (set[0] & 0x1F) == SPS;
  }
}
