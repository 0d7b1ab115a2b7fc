package io.millrace.media.worker;

/** A quiet 440 Hz tone with a short, higher beep at the start of every second. */
final class TestTone {
  private static final int BEEP_HZ = 880;
  private static final int TONE_HZ = 440;
  private static final double TONE_LEVEL = 0.02;
  private static final double BEEP_LEVEL = 0.12;
  private static final double BEEP_SECONDS = 0.1;
  private static final double RAMP_SECONDS = 0.005;

  private final int sampleRate;

  TestTone(int sampleRate) {
    this.sampleRate = sampleRate;
  }

  /** Sample number {@code index}, −1 to 1. */
  float sample(long index) {
    double second = (double) (index % sampleRate) / sampleRate;
    double beep = Math.max(0, Math.min(1, Math.min(second, BEEP_SECONDS - second) / RAMP_SECONDS));
    // Whole periods per second, so the phase needs no more than the second's own time.
    return (float)
        (TONE_LEVEL * Math.sin(2 * Math.PI * TONE_HZ * second)
            + BEEP_LEVEL * beep * Math.sin(2 * Math.PI * BEEP_HZ * second));
  }
}
