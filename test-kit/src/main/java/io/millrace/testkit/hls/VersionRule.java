package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.time.Duration;
import java.util.Locale;

/** Rules that one version of a media playlist keeps or breaks by itself. */
enum VersionRule {
  /** RFC 8216bis §8: EXT-X-SKIP needs 9, EXT-X-MAP 6, decimal EXTINF 3, the rest nothing. */
  NEEDED_VERSION("H1") {
    @Override
    void check(MediaPlaylist p, Report report) {
      int ofSegments =
          p.segments().stream().anyMatch(s -> !s.mapUri().isEmpty())
              ? 6
              : p.segments().isEmpty() ? 1 : 3;
      int needed = p.lowLatency().skipped() > 0 ? 9 : ofSegments;
      if (p.version() != needed) {
        report.add(id(), "VERSION " + p.version() + " (expected: " + needed + ")");
      }
    }
  },
  TARGET_DURATION("H2") {
    @Override
    void check(MediaPlaylist p, Report report) {
      if (p.targetDurationSeconds().isEmpty()) {
        report.add(id(), "no TARGETDURATION");
        return;
      }
      int target = p.targetDurationSeconds().get();
      for (Segment s : p.segments()) {
        if (Math.round(s.durationSeconds()) > target || s.durationSeconds() > target + 0.5) {
          report.add(id(), seconds("EXTINF of " + s.uri(), s.durationSeconds()) + " > " + target);
        }
      }
    }
  },
  DISCONTINUITY_SEQUENCE_PRESENT("H4") {
    @Override
    void check(MediaPlaylist p, Report report) {
      if (p.discontinuitySequence().isEmpty()) {
        report.add(id(), "no DISCONTINUITY-SEQUENCE");
      }
    }
  },
  LENGTH_AFTER_REMOVAL("H7") {
    @Override
    void check(MediaPlaylist p, Report report) {
      boolean parts = p.lowLatency().partTargetSeconds().isPresent();
      if (p.mediaSequence() <= (parts ? 1 : 0)) {
        return;
      }
      if (p.durationSeconds() < 3.0 * p.targetDurationSeconds().orElse(0)) {
        report.add(id(), seconds("shorter than 3 target durations", p.durationSeconds()));
      } else if (p.segments().size() < 6) {
        report.add(id(), p.segments().size() + " segments (expected: 6 or more)");
      }
    }
  },
  MAP_CHANGE("H10") {
    @Override
    void check(MediaPlaylist p, Report report) {
      for (int i = 1; i < p.segments().size(); i++) {
        Segment s = p.segments().get(i);
        if (!s.discontinuity() && !s.mapUri().equals(p.segments().get(i - 1).mapUri())) {
          report.add(id(), "MAP changes at " + s.uri() + " without DISCONTINUITY");
        }
      }
    }
  },
  PROGRAM_DATE_TIME("H11") {
    @Override
    void check(MediaPlaylist p, Report report) {
      for (Segment s : p.segments()) {
        if (s.programDateTime().isEmpty()) {
          report.add(id(), "no PROGRAM-DATE-TIME at " + s.uri());
          return;
        }
      }
      for (int i = 1; i < p.segments().size(); i++) {
        checkStep(p.segments().get(i - 1), p.segments().get(i), report);
      }
    }

    private void checkStep(Segment before, Segment s, Report report) {
      double step =
          Duration.between(before.programDateTime().get(), s.programDateTime().get()).toNanos()
              / 1e9;
      double off = step - before.durationSeconds();
      if (off < -DRIFT_SECONDS || (off > DRIFT_SECONDS && !s.discontinuity())) {
        report.add(id(), seconds("PROGRAM-DATE-TIME of " + s.uri() + " off by", off));
      }
    }
  },
  MAP_PRESENT("H15") {
    @Override
    void check(MediaPlaylist p, Report report) {
      for (Segment s : p.segments()) {
        if (s.mapUri().isEmpty()) {
          report.add(id(), "no MAP before " + s.uri());
          return;
        }
      }
    }
  },
  TYPE_AND_END("H17") {
    @Override
    void check(MediaPlaylist p, Report report) {
      if (p.segmentsAfterEnd()) {
        report.add(id(), "segment after ENDLIST");
      }
      if (p.playlistType().equals("VOD") && !p.ended()) {
        report.add(id(), "PLAYLIST-TYPE VOD without ENDLIST");
      }
      if (!p.playlistType().isEmpty() && p.mediaSequence() > 0) {
        report.add(id(), "PLAYLIST-TYPE " + p.playlistType() + " of a sliding window");
      }
    }
  };

  /** Less than a frame at 20 frames per second; the text has milliseconds only. */
  static final double DRIFT_SECONDS = 0.045;

  private final String id;

  VersionRule(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  abstract void check(MediaPlaylist p, Report report);

  static String seconds(String what, double seconds) {
    return String.format(Locale.ROOT, "%s %.3f s", what, seconds);
  }
}
