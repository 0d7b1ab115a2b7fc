package io.millrace.testkit.hls;

import io.millrace.testkit.hls.LowLatency.Part;
import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.util.List;
import java.util.Map;

/**
 * Rules over two versions of a playlist with parts from the same node. There is one exception,
 * {@linkplain #endedByEpochChange part sequence ended by epoch change}: the segment that was in
 * flight when its owner was lost comes whole from the next one, and its listed parts are no more.
 */
enum PartEditRule {
  /** Listed parts stay as they are; new ones come behind. RFC 8216bis §6.2.1. */
  PARTS_FIXED("L3") {
    @Override
    void check(MediaPlaylist before, MediaPlaylist next, Report report) {
      List<Part> open = before.lowLatency().open();
      List<Part> now = next.partsOf(before.lastMsn() + 1);
      if (open.isEmpty()
          || next.mediaSequence() > before.lastMsn() + 1
          || isOld(before, next)
          || leavesOpen(before, next)) {
        return;
      }
      boolean kept = now.size() >= open.size() && now.subList(0, open.size()).equals(open);
      if (!kept && !endedByEpochChange(before, next)) {
        report.add(id(), "parts of " + (before.lastMsn() + 1) + " were " + open + ", are " + now);
      }
    }

    /** Parts are dropped when they are old enough. */
    private boolean isOld(MediaPlaylist before, MediaPlaylist next) {
      return next.lastMsn() > before.lastMsn() + 1 && next.partsOf(before.lastMsn() + 1).isEmpty();
    }
  },
  /** PART-TARGET is fixed, as gaps in the draft are decided here. */
  PART_TARGET_FIXED("L1") {
    @Override
    void check(MediaPlaylist before, MediaPlaylist next, Report report) {
      if (!before.lowLatency().partTargetSeconds().equals(next.lowLatency().partTargetSeconds())) {
        report.add(
            id(),
            "PART-TARGET "
                + next.lowLatency().partTargetSeconds()
                + " was "
                + before.lowLatency().partTargetSeconds());
      }
    }
  },
  /** RFC 8216bis §4.4.5.3: what comes next is what was hinted. */
  HINT_COMES_TRUE("L8") {
    @Override
    void check(MediaPlaylist before, MediaPlaylist next, Report report) {
      if (before.lowLatency().hints().size() != 1 || endedByEpochChange(before, next)) {
        return;
      }
      String hint = before.lowLatency().hints().get(0);
      List<Part> now = next.partsOf(before.lastMsn() + 1);
      int known = before.lowLatency().open().size();
      if (now.size() > known && !now.get(known).uri().equals(hint) && !isOfNext(hint, before)) {
        report.add(id(), now.get(known).uri() + " came, " + hint + " was hinted");
      }
    }

    private boolean isOfNext(String hint, MediaPlaylist before) {
      return hint.contains("-" + (before.lastMsn() + 2) + ".");
    }
  },
  /** RFC 8216bis §4.4.5.4: how far the others are never goes backward. */
  REPORTS_NEVER_BACK("L9") {
    @Override
    void check(MediaPlaylist before, MediaPlaylist next, Report report) {
      if (endedByEpochChange(before, next) || leavesOpen(before, next)) {
        return;
      }
      for (Map.Entry<String, LowLatency.Report> r : next.lowLatency().reports().entrySet()) {
        LowLatency.Report was = before.lowLatency().reports().get(r.getKey());
        if (was != null && r.getValue().isBefore(was)) {
          report.add(id(), "report of " + r.getKey() + " goes back from " + was);
        }
      }
    }
  };

  private final String id;

  PartEditRule(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  abstract void check(MediaPlaylist before, MediaPlaylist next, Report report);

  /**
   * The part that was hinted at will not come, and the version does not say why: the next owner has
   * made nothing yet. It is judged when there is something; one that only ends the playlist has no
   * part in it.
   */
  static boolean leavesOpen(MediaPlaylist before, MediaPlaylist next) {
    return before != null
        && !(before.lowLatency().open().isEmpty() && before.lowLatency().hints().isEmpty())
        && (!next.ended() || next.segments().stream().allMatch(s -> s.parts().isEmpty()))
        && next.lowLatency().open().isEmpty()
        && next.lowLatency().hints().isEmpty();
  }

  /** The one exception: what is new comes from a later owner than the parts that were open. */
  static boolean endedByEpochChange(MediaPlaylist before, MediaPlaylist next) {
    long newest = newestEpoch(next);
    return newest > newestEpoch(before);
  }

  private static long newestEpoch(MediaPlaylist p) {
    long epoch = p.lowLatency().open().stream().mapToLong(Part::epoch).max().orElse(-1);
    for (String hint : p.lowLatency().hints()) {
      epoch = Math.max(epoch, ResourceName.epochOf(hint));
    }
    for (Segment s : p.segments()) {
      epoch = Math.max(epoch, ResourceName.epochOf(s.uri()));
    }
    return epoch;
  }
}
