package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.util.Objects;

/**
 * Rules over what was seen of a rendition before, by this node and others, and a new version. In
 * order: a broken rule hides the following ones, as they would only repeat it.
 */
enum EditRule {
  /** Nothing changes after ENDLIST. */
  AFTER_END("H17") {
    @Override
    boolean broken(RenditionHistory h, NodeView node, MediaPlaylist next, Report report) {
      if (!node.ended() || next.equals(node.last())) {
        return false;
      }
      report.add(id(), "changed after ENDLIST");
      return true;
    }
  },
  TARGET_DURATION_FIXED("H2") {
    @Override
    boolean broken(RenditionHistory h, NodeView node, MediaPlaylist next, Report report) {
      if (h.targetDurationSeconds().isEmpty()
          || next.targetDurationSeconds().isEmpty()
          || h.targetDurationSeconds().equals(next.targetDurationSeconds())) {
        return false;
      }
      report.add(
          id(),
          "TARGETDURATION "
              + next.targetDurationSeconds().get()
              + " was "
              + h.targetDurationSeconds().get());
      return true;
    }
  },
  MEDIA_SEQUENCE_NEVER_BACK("H3") {
    @Override
    boolean broken(RenditionHistory h, NodeView node, MediaPlaylist next, Report report) {
      if (node.last() == null || next.mediaSequence() >= node.last().mediaSequence()) {
        return false;
      }
      report.add(
          id(), "MEDIA-SEQUENCE " + next.mediaSequence() + " was " + node.last().mediaSequence());
      return true;
    }
  },
  /** A segment keeps its number: +1 per removed segment, removal in order, no segment left out. */
  SAME_NUMBER("H3") {
    @Override
    boolean broken(RenditionHistory h, NodeView node, MediaPlaylist next, Report report) {
      for (Segment s : next.segments()) {
        Long msn = h.msnOf(s.uri());
        if (msn != null && msn != s.msn()) {
          report.add(id(), s.uri() + " has number " + s.msn() + ", was " + msn);
          return true;
        }
      }
      return false;
    }
  },
  NO_LEAP("H3") {
    @Override
    boolean broken(RenditionHistory h, NodeView node, MediaPlaylist next, Report report) {
      if (node.last() == null
          || next.mediaSequence() <= node.last().lastMsn() + 1
          || node.secondsSinceSeen() > 2.0 * next.targetDurationSeconds().orElse(0)) {
        return false;
      }
      report.add(
          id(),
          "MEDIA-SEQUENCE "
              + next.mediaSequence()
              + " leaps over the end of the last version, "
              + node.last().lastMsn());
      return true;
    }
  },
  NOTHING_CUT_FROM_THE_END("H5") {
    @Override
    boolean broken(RenditionHistory h, NodeView node, MediaPlaylist next, Report report) {
      if (node.last() == null || next.lastMsn() >= node.last().lastMsn()) {
        return false;
      }
      report.add(id(), "ends at " + next.lastMsn() + ", ended at " + node.last().lastMsn());
      return true;
    }
  },
  LISTED_SEGMENT_FIXED("H5") {
    @Override
    boolean broken(RenditionHistory h, NodeView node, MediaPlaylist next, Report report) {
      for (Segment s : next.segments()) {
        Segment known = h.segment(s.msn());
        if (known != null && !sameLines(known, s)) {
          report.add(id(), "segment edited: " + known + " -> " + s);
          return true;
        }
      }
      return false;
    }
  },
  DISCONTINUITY_COUNTED("H4") {
    @Override
    boolean broken(RenditionHistory h, NodeView node, MediaPlaylist next, Report report) {
      for (Segment s : next.segments()) {
        Segment known = h.segment(s.msn());
        if (known != null && known.discontinuitySequence() != s.discontinuitySequence()) {
          report.add(
              id(),
              s.uri()
                  + " has discontinuity sequence "
                  + s.discontinuitySequence()
                  + ", was "
                  + known.discontinuitySequence());
          return true;
        }
      }
      return false;
    }
  };

  private final String id;

  EditRule(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  abstract boolean broken(RenditionHistory h, NodeView node, MediaPlaylist next, Report report);

  private static boolean sameLines(Segment a, Segment b) {
    return a.uri().equals(b.uri())
        && a.durationSeconds() == b.durationSeconds()
        && a.discontinuity() == b.discontinuity()
        && a.gap() == b.gap()
        && a.mapUri().equals(b.mapUri())
        && Objects.equals(a.programDateTime(), b.programDateTime());
  }
}
