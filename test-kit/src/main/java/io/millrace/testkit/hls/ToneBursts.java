package io.millrace.testkit.hls;

import java.util.ArrayList;
import java.util.List;

/** Sound to measure by: silence, and 100 ms of 1 kHz from each whole second on. */
final class ToneBursts {

  private static final double BURST_SECONDS = 0.1;
  private static final double FREQUENCY_HZ = 1000;
  private static final double AMPLITUDE = 0.5 * Short.MAX_VALUE;

  /** Above the pre-echo of the coder, below the first wave's top. */
  private static final double ONSET = 0.4 * AMPLITUDE;

  /** A new burst begins only after this much silence. */
  private static final double SILENCE_SECONDS = 0.3;

  private ToneBursts() {}

  /** One sample, the same in all channels. */
  static short sample(long index, int rate) {
    double seconds = (double) index / rate;
    double inSecond = seconds - Math.floor(seconds);
    return inSecond < BURST_SECONDS
        ? (short) (AMPLITUDE * Math.sin(2 * Math.PI * FREQUENCY_HZ * inSecond))
        : 0;
  }

  /** Finds where bursts begin; fed with consecutive mono samples. */
  static final class Detector {
    private final int rate;
    private final List<Long> onsets = new ArrayList<>();
    private long index;
    private long lastLoud;

    Detector(int rate) {
      this.rate = rate;
      this.lastLoud = -rate;
    }

    void sample(int value) {
      if (Math.abs(value) >= ONSET) {
        if (index - lastLoud > SILENCE_SECONDS * rate) {
          onsets.add(index);
        }
        lastLoud = index;
      }
      index++;
    }

    /** Indices of the first samples of bursts. */
    List<Long> onsets() {
      return onsets;
    }
  }
}
