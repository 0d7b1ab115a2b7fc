package io.millrace.node.edge;

import io.millrace.http.Playlist;
import io.millrace.http.PlaylistPosition;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How far a stream was shown on this node, and since when nothing new came. Showing is confined to
 * the stream's lock, reading is for any thread.
 */
final class StreamProgress {
  private final ConcurrentMap<String, PlaylistPosition> furthest = new ConcurrentHashMap<>();
  private volatile long heardNanos = System.nanoTime();
  private volatile long advancedNanos = System.nanoTime();

  /** {@code next} is shown instead of {@code before}. */
  void shown(StreamSnapshot before, StreamSnapshot next) {
    next.media().forEach((name, playlist) -> shown(name, before.media().get(name), playlist));
  }

  private void shown(String rendition, Playlist before, Playlist next) {
    PlaylistPosition now = next.position();
    if (before != null && now.equals(before.position())) {
      return;
    }
    advancedNanos = System.nanoTime();
    PlaylistPosition seen = furthest(rendition);
    boolean inFlightAgain = now.lastPart() < 0 && now.lastMsn() == seen.lastMsn() - 1;
    if (!inFlightAgain) {
      furthest.put(rendition, now);
    }
  }

  /**
   * The position up to which a rendition was shown, by whichever owner: a later one makes the
   * segment in flight again, without parts.
   */
  PlaylistPosition furthest(String rendition) {
    return furthest.getOrDefault(rendition, PlaylistPosition.NONE);
  }

  /** What was shown has no future. */
  void startOver() {
    furthest.clear();
  }

  /** The owner was heard. */
  void heard() {
    heardNanos = System.nanoTime();
  }

  /** Time since the owner was heard. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - heardNanos);
  }

  /** Time since any rendition went on. */
  Duration standstill() {
    return Duration.ofNanos(System.nanoTime() - advancedNanos);
  }
}
