package io.millrace.media.demux;

import java.util.EnumMap;
import java.util.Map;

/** Counts drops by reason, and bad tags in seconds of the monotonic clock. */
final class DropCounter {
  private static final long WINDOW_NANOS = 1_000_000_000L;

  private final Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);
  private final int maxBadTags;
  private long windowStartNanos;
  private int badTags;

  DropCounter(int maxBadTagsPerSecond) {
    this.maxBadTags = maxBadTagsPerSecond;
    for (DropReason reason : DropReason.values()) {
      counts.put(reason, 0L);
    }
  }

  /** Returns false when there were too many bad tags in this second. */
  boolean count(DropReason reason, int tags, long nowNanos) {
    counts.merge(reason, (long) tags, Long::sum);
    if (!reason.isBadTag()) {
      return true;
    }
    if (badTags == 0 || nowNanos - windowStartNanos >= WINDOW_NANOS) {
      windowStartNanos = nowNanos;
      badTags = 0;
    }
    badTags += tags;
    return badTags <= maxBadTags;
  }

  Map<DropReason, Long> snapshot() {
    return new EnumMap<>(counts);
  }
}
