package io.millrace.node.edge;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What viewers of one stream asked for on this node lately; to about a second. Thread-safe. */
final class Watching {
  private static final long WATCHED_NANOS = Duration.ofSeconds(15).toNanos();
  private static final long RESOLUTION_NANOS = Duration.ofSeconds(1).toNanos();

  /** Players fetch either the parts or the segments of a rendition. */
  private record Kind(String rendition, boolean parts) {
    static Kind of(String rendition, String name) {
      return new Kind(rendition, PartName.isPart(name));
    }
  }

  private volatile long askedNanos = System.nanoTime() - Duration.ofHours(1).toNanos();
  private final ConcurrentMap<Kind, Long> fetchedNanos = new ConcurrentHashMap<>();

  /** For anything. */
  void asked() {
    long now = System.nanoTime();
    if (now - askedNanos > RESOLUTION_NANOS) {
      askedNanos = now;
    }
  }

  /** Time since anything was asked for. */
  Duration idle() {
    return Duration.ofNanos(System.nanoTime() - askedNanos);
  }

  /** For an object that exists. */
  void fetched(String rendition, String name) {
    long now = System.nanoTime();
    Kind kind = Kind.of(rendition, name);
    Long last = fetchedNanos.get(kind);
    if (last == null || now - last > RESOLUTION_NANOS) {
      fetchedNanos.put(kind, now);
    }
  }

  /** Objects like this one were fetched a moment ago, and viewers will want the next. */
  boolean wants(String rendition, String name) {
    Long last = fetchedNanos.get(Kind.of(rendition, name));
    return last != null && System.nanoTime() - last < WATCHED_NANOS;
  }
}
