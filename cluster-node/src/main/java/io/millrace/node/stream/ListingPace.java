package io.millrace.node.stream;

import io.millrace.media.SegmentRef;
import java.util.ArrayList;
import java.util.List;

/**
 * Rule H6 for one rendition: two versions of its playlist that list something new are at least half
 * a target duration apart (RFC 8216bis §6.2.1). Segments that come faster, from a worker that
 * catches up or a store that is back, wait and are listed together. Pure; times are of the owner's
 * monotonic clock, ms.
 */
final class ListingPace {
  private final long leastMs;
  private final List<SegmentRef> waiting = new ArrayList<>();
  private boolean grown;
  private long grownAtMs;

  ListingPace(int targetDurationSeconds) {
    this.leastMs = targetDurationSeconds * 500L;
  }

  void add(SegmentRef ref) {
    waiting.add(ref);
  }

  /** How long to wait before {@link #take}, ms; 0 when nothing keeps it. */
  long delayMs(long nowMs) {
    return grown ? Math.max(0, grownAtMs + leastMs - nowMs) : 0;
  }

  /** Everything that waits, in order, to be listed now. */
  List<SegmentRef> take(long nowMs) {
    List<SegmentRef> taken = List.copyOf(waiting);
    waiting.clear();
    if (!taken.isEmpty()) {
      grown = true;
      grownAtMs = nowMs;
    }
    return taken;
  }

  int waiting() {
    return waiting.size();
  }
}
