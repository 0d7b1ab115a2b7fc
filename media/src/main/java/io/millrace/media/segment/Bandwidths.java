package io.millrace.media.segment;

import io.millrace.media.worker.RungSettings;

/** BANDWIDTH before there is anything to measure. Bit/s throughout. */
final class Bandwidths {
  private static final long RAISE_PERCENT = 125;

  private Bandwidths() {}

  /** 1.1 × (maxrate + bufsize / T + audio). */
  static long rungPeak(RungSettings rung, int targetSeconds, long audioBps) {
    return (rung.maxrateBps() + rung.bufsizeBits() / targetSeconds + audioBps) * 11 / 10;
  }

  static long rungAverage(RungSettings rung, long audioBps) {
    return rung.bitrateBps() + audioBps;
  }

  /** max(declared × 1.3, first segment × 1.5), and audio. */
  static long sourcePeak(long declaredBps, long firstSegmentBps, long audioBps) {
    return Math.max(declaredBps * 13 / 10, firstSegmentBps * 3 / 2) + audioBps;
  }

  static long sourceAverage(long declaredBps, long firstSegmentBps, long audioBps) {
    return Math.max(declaredBps, firstSegmentBps) + audioBps;
  }

  /** A declared value that has been exceeded. */
  static long raised(long declaredBps, long measuredBps) {
    return Math.max(declaredBps * RAISE_PERCENT / 100, measuredBps * 11 / 10);
  }
}
