package io.millrace.node.relay;

import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The units of one session that are not acknowledged yet, in order of their numbers. Bounded by
 * bytes and media time; when full, whole GOPs go, oldest first. The configurations in force before
 * the oldest unit are always kept. Not thread-safe.
 */
final class RelayBuffer {
  private final long maxBytes;
  private final long maxMediaMs;
  private final Deque<MediaUnit> units = new ArrayDeque<>();
  private final Map<TrackKind, MediaUnit> configsBefore = new EnumMap<>(TrackKind.class);
  private long bytes;
  private boolean video;

  RelayBuffer(long maxBytes, long maxMediaMs) {
    this.maxBytes = maxBytes;
    this.maxMediaMs = maxMediaMs;
  }

  /**
   * @return how many units were given up to make room, from the front
   */
  int append(MediaUnit unit) {
    units.addLast(unit);
    bytes += unit.payload().length;
    video |= unit.isVideo() && !unit.isConfig();
    int dropped = 0;
    while (isOverfull() && units.size() > 1) {
      dropped += dropGroup();
    }
    return dropped;
  }

  void acknowledge(long seq) {
    while (!units.isEmpty() && units.peekFirst().seq() <= seq) {
      removeFirst();
    }
  }

  /** Number of the oldest unit held, or {@code next} when empty. */
  long firstSeq(long next) {
    return units.isEmpty() ? next : units.peekFirst().seq();
  }

  /** Configurations that units from {@code seq} on may need and that came before it, in order. */
  List<MediaUnit> configsBefore(long seq) {
    Map<TrackKind, MediaUnit> inForce = new EnumMap<>(configsBefore);
    for (MediaUnit unit : units) {
      if (unit.seq() >= seq) {
        break;
      }
      if (unit.isConfig()) {
        inForce.put(unit.track(), unit);
      }
    }
    return inForce.values().stream().sorted(Comparator.comparingLong(MediaUnit::seq)).toList();
  }

  Iterable<MediaUnit> units() {
    return units;
  }

  long bytes() {
    return bytes;
  }

  long mediaMs() {
    return units.isEmpty() ? 0 : units.peekLast().dtsMs() - units.peekFirst().dtsMs();
  }

  private boolean isOverfull() {
    return bytes > maxBytes || Math.abs(mediaMs()) > maxMediaMs;
  }

  private int dropGroup() {
    int count = 0;
    do {
      removeFirst();
      count++;
    } while (units.size() > 1 && !startsGroup(units.peekFirst()));
    return count;
  }

  private boolean startsGroup(MediaUnit unit) {
    return !unit.isConfig() && (video ? unit.isVideo() && unit.idr() : true);
  }

  private void removeFirst() {
    MediaUnit unit = units.removeFirst();
    bytes -= unit.payload().length;
    if (unit.isConfig()) {
      configsBefore.put(unit.track(), unit);
    }
  }
}
