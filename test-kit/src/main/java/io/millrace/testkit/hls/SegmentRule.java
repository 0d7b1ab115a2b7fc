package io.millrace.testkit.hls;

import io.millrace.testkit.fmp4.Fmp4Sample;
import java.util.List;
import java.util.Locale;

/** Rules over the contents of the segments of one rendition, within one period. */
enum SegmentRule {
  STARTS_WITH_IDR("H12") {
    @Override
    void check(SegmentContent before, SegmentContent s, Report report) {
      if (s.isVideo() && !s.startsWithIdr()) {
        report.add(id(), s.uri() + " does not start with an IDR");
      }
    }
  },
  /** The start that players take from {@code tfdt} is the time of the first picture. */
  TFDT_IS_PTS("H15") {
    @Override
    void check(SegmentContent before, SegmentContent s, Report report) {
      if (s.startTicks() != s.firstPts()) {
        report.add(id(), s.uri() + " tfdt " + s.startTicks() + ", first PTS " + s.firstPts());
      }
    }
  },
  TFDT_CONTINUES("H15") {
    @Override
    void check(SegmentContent before, SegmentContent s, Report report) {
      if (before != null && s.startTicks() != before.endTicks()) {
        report.add(id(), s.uri() + " tfdt " + s.startTicks() + " after " + before.endTicks());
      }
    }
  },
  /** Sums of EXTINF stay within a frame because each is right to a microsecond. */
  EXTINF_IS_DURATION("H20") {
    @Override
    void check(SegmentContent before, SegmentContent s, Report report) {
      double actual = (double) (s.endTicks() - s.startTicks()) / s.timescale();
      double listed = s.segment().listed().durationSeconds();
      if (Math.abs(actual - listed) > 0.00002) {
        report.add(
            id(),
            String.format(Locale.ROOT, "%s EXTINF %.6f, media %.6f", s.uri(), listed, actual));
      }
    }
  },
  DECODE_TIMES_RISE("H15") {
    @Override
    void check(SegmentContent before, SegmentContent s, Report report) {
      List<Fmp4Sample> samples = s.samples();
      if (samples.stream().anyMatch(sample -> sample.durationTicks() <= 0)) {
        report.add(id(), s.uri() + " has a sample without duration");
      }
    }
  };

  private final String id;

  SegmentRule(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  /**
   * @param before the segment before in the same period, null for the first
   */
  abstract void check(SegmentContent before, SegmentContent s, Report report);
}
