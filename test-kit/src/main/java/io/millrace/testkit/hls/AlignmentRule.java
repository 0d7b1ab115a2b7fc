package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.time.Duration;

/** Rules over the same segment number in two renditions. */
enum AlignmentRule {
  /** Discontinuities stand at the same numbers. */
  DISCONTINUITIES("H10") {
    @Override
    boolean broken(Segment a, Segment b, boolean audio) {
      return a.discontinuity() != b.discontinuity()
          || a.discontinuitySequence() != b.discontinuitySequence();
    }
  },
  /** The same number is the same span of time. */
  VIDEO_DURATIONS("H10") {
    @Override
    boolean broken(Segment a, Segment b, boolean audio) {
      return !audio && Math.abs(a.durationSeconds() - b.durationSeconds()) > VIDEO_SECONDS;
    }
  },
  AUDIO_DURATIONS("H14") {
    @Override
    boolean broken(Segment a, Segment b, boolean audio) {
      return audio && Math.abs(a.durationSeconds() - b.durationSeconds()) > AUDIO_SECONDS;
    }
  },
  PROGRAM_DATE_TIMES("H11") {
    @Override
    boolean broken(Segment a, Segment b, boolean audio) {
      if (a.programDateTime().isEmpty() || b.programDateTime().isEmpty()) {
        return false;
      }
      double apart =
          Duration.between(a.programDateTime().get(), b.programDateTime().get()).toNanos() / 1e9;
      return Math.abs(apart) > (audio ? AUDIO_SECONDS : VIDEO_SECONDS);
    }
  };

  private static final double VIDEO_SECONDS = 0.045;

  /** A frame of video plus one of audio at 8 kHz. */
  private static final double AUDIO_SECONDS = 0.17;

  private final String id;

  AlignmentRule(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  /**
   * @param audio one of the two is the audio rendition
   */
  abstract boolean broken(Segment a, Segment b, boolean audio);
}
