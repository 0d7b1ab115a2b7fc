package io.millrace.testkit.hls;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What one node has shown of one rendition's playlist; rule H6 is about this. */
final class NodeView {
  private MediaPlaylist last;
  private MediaPlaylist lastOfParts;
  private Instant seenAt;
  private Instant grownAt;
  private double secondsSinceSeen;
  private List<String> othersWithParts = List.of();

  MediaPlaylist last() {
    return last;
  }

  /** The version that the parts of the next one are judged by. */
  MediaPlaylist lastOfParts() {
    return lastOfParts;
  }

  /** Names of the renditions that had parts when the last version was seen. */
  List<String> othersWithParts() {
    return othersWithParts;
  }

  void othersWithParts(List<String> names) {
    othersWithParts = names;
  }

  boolean ended() {
    return last != null && last.ended();
  }

  /** Between the observation before and the one that is being checked. */
  double secondsSinceSeen() {
    return secondsSinceSeen;
  }

  void seenAt(Instant at) {
    secondsSinceSeen = seenAt == null ? 0 : seconds(seenAt, at);
    seenAt = at;
  }

  /** The next interval is not judged: rule H6 was suspended. */
  void forgetGrowth() {
    grownAt = null;
  }

  /** Rule H6, RFC 8216bis §6.2.1; not around a publisher's end or return. */
  void checkInterval(MediaPlaylist next, Instant at, Duration tolerance, Report report) {
    if (grownAt == null || last == null || last.ended()) {
      return;
    }
    double target = next.targetDurationSeconds().orElse(0);
    double interval = seconds(grownAt, at);
    double slack = tolerance.toNanos() / 1e9;
    boolean grows = next.lastMsn() > last.lastMsn();
    if (interval > 1.5 * target + slack && !isExempt(next)) {
      report.add("H6", VersionRule.seconds("no new segment for", interval));
      grownAt = grows ? grownAt : null;
    } else if (grows && interval < 0.5 * target - slack && !isExempt(next) && !isShort(next)) {
      report.add("H6", VersionRule.seconds("new segment after only", interval));
    }
  }

  void accept(MediaPlaylist next, Instant at) {
    if (last == null || next.lastMsn() > last.lastMsn()) {
      grownAt = at;
    }
    if (!PartEditRule.leavesOpen(lastOfParts, next)) {
      lastOfParts = next;
    }
    last = next;
  }

  private boolean isExempt(MediaPlaylist next) {
    return next.ended()
        || next.segments().stream().anyMatch(s -> s.msn() > last.lastMsn() && s.discontinuity());
  }

  /** The short segment that a publisher's end closes comes early by nature. */
  private boolean isShort(MediaPlaylist next) {
    double target = next.targetDurationSeconds().orElse(0);
    return next.segments().stream()
        .anyMatch(s -> s.msn() >= last.lastMsn() && s.durationSeconds() < 0.5 * target);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }
}
