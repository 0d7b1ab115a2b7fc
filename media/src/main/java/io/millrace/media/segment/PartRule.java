package io.millrace.media.segment;

import java.time.Duration;

/**
 * How long parts are; frozen when the stream starts. A part of P is n video frames; an audio part
 * holds the frames that start within it, so that its length is up to one audio frame off.
 *
 * @param targetMillis PART-TARGET, ms: P and the larger of one audio frame and 2 ms; 0: no parts
 * @param length90k P, 90 kHz ticks
 * @param frame90k nominal length of a video frame (of an audio frame where there is no video)
 */
record PartRule(int targetMillis, long length90k, long frame90k) {
  static final PartRule NONE = new PartRule(0, 0, 0);

  /** Timestamps of publishers are rounded to ms. */
  static final long ROUNDING_90K = Ticks.PER_MS;

  /** Slower video has no parts. */
  private static final double MIN_FPS = 5;

  /** RFC 8216bis §4.4.4.9: no part is shorter, but the last one of a segment. */
  private static final double SHORTEST = 0.85;

  private static final double MAX_SECONDS = 2;

  /** RFC 8216bis names 2 ms nowhere: twice the rounding of the publisher's timestamps. */
  private static final double LEAST_SLACK_SECONDS = 0.002;

  boolean on() {
    return targetMillis > 0;
  }

  /** Frames that belong to a boundary are at most this far away from it. */
  long tolerance90k() {
    return frame90k / 2;
  }

  long target90k() {
    return targetMillis * Ticks.PER_MS;
  }

  /** A part of this length breaks a rule, unless it is the last one of its segment. */
  boolean isIrregular(long length90k) {
    return length90k > target90k() || length90k < SHORTEST * target90k();
  }

  /**
   * As many whole frames as are nearest to {@code wanted}, or more where audio parts would come out
   * too uneven.
   *
   * @param audioFrameSeconds 0 without audio
   */
  static PartRule ofVideo(Duration wanted, double fps, double audioFrameSeconds) {
    if (wanted.isZero() || fps < MIN_FPS) {
      return NONE;
    }
    long first = Math.max(1, Math.round(wanted.toNanos() / 1e9 * fps));
    long most = Math.max(first, (long) (MAX_SECONDS * fps));
    for (long frames = first; frames <= most; frames++) {
      PartRule rule = of(frames / fps, 1 / fps, audioFrameSeconds);
      if (rule.holds(audioFrameSeconds)) {
        return rule;
      }
    }
    return NONE;
  }

  /** Audio only: an even division of the target duration. */
  static PartRule ofAudio(Duration wanted, int targetSeconds, double audioFrameSeconds) {
    if (wanted.isZero()) {
      return NONE;
    }
    int count = (int) Math.max(1, Math.round(targetSeconds / (wanted.toNanos() / 1e9)));
    for (int parts = count; parts > 0; parts--) {
      PartRule rule = of((double) targetSeconds / parts, audioFrameSeconds, audioFrameSeconds);
      if (rule.holds(audioFrameSeconds)) {
        return rule;
      }
    }
    return NONE;
  }

  /**
   * The rule of a recovered stream's video, by its PART-TARGET: the audio may be another by now.
   *
   * @param wanted as it is set today; zero when parts are off for new streams
   */
  static PartRule restoredVideo(int targetMillis, Duration wanted, double fps) {
    if (targetMillis == 0) {
      return NONE;
    }
    long frames = Math.max(1, Math.round(wanted.toNanos() / 1e9 * fps));
    while (frames / fps < SHORTEST * targetMillis / 1e3) {
      frames++;
    }
    while (frames > 1 && frames / fps > targetMillis / 1e3 - LEAST_SLACK_SECONDS + 1e-9) {
      frames--;
    }
    return new PartRule(targetMillis, ticks(frames / fps), ticks(1 / fps));
  }

  /** The rule of a recovered stream without video: the longest division that fits. */
  static PartRule restoredAudio(int targetMillis, int targetSeconds, double audioFrameSeconds) {
    if (targetMillis == 0) {
      return NONE;
    }
    double most = Math.max(0.1, targetMillis / 1e3 - audioFrameSeconds + 1e-9);
    double length = targetSeconds / Math.ceil(targetSeconds / most);
    return new PartRule(targetMillis, ticks(length), ticks(audioFrameSeconds));
  }

  private static PartRule of(double length, double frame, double audioFrame) {
    double target = length + Math.max(audioFrame, LEAST_SLACK_SECONDS);
    return new PartRule((int) Math.ceil(target * 1e3 - 1e-6), ticks(length), ticks(frame));
  }

  private boolean holds(double audioFrame) {
    double least = (length90k - ROUNDING_90K) / (double) Ticks.TIMESCALE;
    double shortest = audioFrame == 0 ? least : Math.floor(least / audioFrame) * audioFrame;
    return Math.min(least, shortest) >= SHORTEST * targetMillis / 1e3;
  }

  private static long ticks(double seconds) {
    return Math.round(seconds * Ticks.TIMESCALE);
  }
}
