package io.millrace.media.segment;

/**
 * Places audio frames of constant length on a sample grid that is anchored at the first frame, so
 * that the publisher's ms rounding does not reach the media.
 */
final class AudioGrid {
  /** Answer of {@link #place}: leave this frame out. */
  static final long DROP = Long.MIN_VALUE;

  private static final int DEVIATIONS = 3;

  private final int sampleRate;
  private final int frameSamples;
  private boolean anchored;
  private long next;
  private int deviations;
  private boolean dropping;
  private long gaps;
  private long drops;

  AudioGrid(int sampleRate, int frameSamples) {
    this.sampleRate = sampleRate;
    this.frameSamples = frameSamples;
  }

  /** The next frame is placed at {@code sample}. */
  void anchor(long sample) {
    anchored = true;
    next = sample;
  }

  /**
   * Re-anchors when the publisher's time has been more than 1.5 frames off for three frames:
   * forward leaves a gap, backward drops frames.
   *
   * @param media90k the publisher's time, 90 kHz ticks
   * @return first sample of the frame, or {@link #DROP}
   */
  long place(long media90k) {
    long wanted = Ticks.fromMedia(media90k, sampleRate);
    if (!anchored) {
      anchor(wanted);
    }
    long off = wanted - next;
    if (dropping && 2 * off >= -frameSamples) {
      dropping = false;
    }
    deviations = 2 * Math.abs(off) > 3L * frameSamples ? deviations + 1 : 0;
    if (deviations >= DEVIATIONS && !dropping) {
      deviations = 0;
      if (off > 0) {
        gaps++;
        next = wanted;
      } else {
        dropping = true;
      }
    }
    if (dropping) {
      drops++;
      return DROP;
    }
    long position = next;
    next += frameSamples;
    return position;
  }

  long gaps() {
    return gaps;
  }

  long drops() {
    return drops;
  }
}
