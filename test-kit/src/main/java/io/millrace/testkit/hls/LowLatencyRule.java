package io.millrace.testkit.hls;

import io.millrace.testkit.hls.LowLatency.Part;
import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.util.List;

/** Rules that one version of a playlist with parts keeps or breaks by itself. */
enum LowLatencyRule {
  /** RFC 8216bis §4.4.3.7, §4.4.4.9. */
  PART_LENGTHS("L1") {
    @Override
    void check(MediaPlaylist p, Report report) {
      if (p.lowLatency().partTargetSeconds().isEmpty()) {
        if (hasParts(p)) {
          report.add(id(), "PART without PART-INF");
        }
        return;
      }
      double target = p.lowLatency().partTargetSeconds().get();
      p.segments().forEach(s -> checkAll(s.parts(), target, report));
      checkAll(p.lowLatency().open(), target, report);
    }

    private void checkAll(List<Part> parts, double target, Report report) {
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        boolean last = i == parts.size() - 1 || parts.get(i + 1).gap();
        if (part.seconds() > target + EPSILON) {
          report.add(
              id(),
              VersionRule.seconds(part.uri() + " is longer than PART-TARGET:", part.seconds()));
        } else if (part.seconds() < SHORTEST * target - EPSILON
            && !last
            && !part.independent()
            && !part.gap()) {
          report.add(id(), VersionRule.seconds(part.uri() + " is too short:", part.seconds()));
        }
      }
    }
  },
  /** RFC 8216bis §4.4.3.8; three PART-TARGETs by Apple's authoring rules, 14.3. */
  SERVER_CONTROL("L2") {
    @Override
    void check(MediaPlaylist p, Report report) {
      LowLatency low = p.lowLatency();
      if (low.partTargetSeconds().isEmpty()) {
        return;
      }
      double target = p.targetDurationSeconds().orElse(0);
      if (!"YES".equals(low.serverControl().get("CAN-BLOCK-RELOAD"))) {
        report.add(id(), "no CAN-BLOCK-RELOAD");
      }
      atLeast("PART-HOLD-BACK", 3 * low.partTargetSeconds().get(), low, report);
      atLeast("HOLD-BACK", 3 * target, low, report);
      atLeast("CAN-SKIP-UNTIL", 6 * target, low, report);
    }

    private void atLeast(String attribute, double least, LowLatency low, Report report) {
      if (low.control(attribute) < least - EPSILON) {
        report.add(id(), VersionRule.seconds(attribute + " is not at least", least));
      }
    }
  },
  /** A segment is its parts. */
  PARTS_OF_SEGMENT("L3") {
    @Override
    void check(MediaPlaylist p, Report report) {
      for (Segment s : p.segments()) {
        double sum = s.parts().stream().mapToDouble(Part::seconds).sum();
        if (!s.parts().isEmpty() && Math.abs(sum - s.durationSeconds()) > SUM_SECONDS) {
          report.add(id(), VersionRule.seconds("parts of " + s.uri() + " last", sum));
        }
        firstIsIndependent(s.parts(), report);
      }
      firstIsIndependent(p.lowLatency().open(), report);
    }

    private void firstIsIndependent(List<Part> parts, Report report) {
      if (!parts.isEmpty() && !parts.get(0).independent() && !parts.get(0).gap()) {
        report.add(id(), parts.get(0).uri() + " starts a segment without INDEPENDENT");
      }
    }
  },
  /** RFC 8216bis §6.2.2; parts leave with their segment, so one target duration more. */
  OLD_PARTS("L4") {
    @Override
    void check(MediaPlaylist p, Report report) {
      double after = p.lowLatency().openSeconds();
      for (int i = p.segments().size() - 1; i >= 0; i--) {
        Segment s = p.segments().get(i);
        if (after > 3.0 * p.targetDurationSeconds().orElse(0) + EPSILON && !s.parts().isEmpty()) {
          report.add(id(), VersionRule.seconds("parts of " + s.uri() + " are listed after", after));
        }
        after += s.durationSeconds();
      }
    }
  },
  /** RFC 8216bis §4.4.5.2, §6.2.5.1. */
  DELTA("L7") {
    @Override
    void check(MediaPlaylist p, Report report) {
      LowLatency low = p.lowLatency();
      if (low.skipped() == 0) {
        return;
      }
      double boundary = low.control("CAN-SKIP-UNTIL");
      double left =
          low.openSeconds()
              + p.segments().stream()
                  .skip(low.skipped())
                  .mapToDouble(Segment::durationSeconds)
                  .sum();
      if (boundary == 0 || p.ended()) {
        report.add(id(), "SKIP that was not offered");
      } else if (left < boundary - EPSILON) {
        report.add(id(), VersionRule.seconds("SKIP leaves only", left));
      }
    }
  },
  /** RFC 8216bis §4.4.5.3. */
  HINT("L8") {
    @Override
    void check(MediaPlaylist p, Report report) {
      int hints = p.lowLatency().hints().size();
      if (hints > 1 || (hints == 1 && p.ended())) {
        report.add(id(), hints + " PRELOAD-HINTs" + (p.ended() ? " with ENDLIST" : ""));
      } else if (hints == 0 && !p.ended() && !p.lowLatency().open().isEmpty()) {
        report.add(id(), "no PRELOAD-HINT");
      }
    }
  };

  private static final double EPSILON = 0.000_05;
  private static final double SHORTEST = 0.85;

  /** Each duration is rounded to a microsecond. */
  private static final double SUM_SECONDS = 0.000_1;

  private final String id;

  LowLatencyRule(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  abstract void check(MediaPlaylist p, Report report);

  private static boolean hasParts(MediaPlaylist p) {
    return !p.lowLatency().open().isEmpty()
        || p.segments().stream().anyMatch(s -> !s.parts().isEmpty());
  }
}
