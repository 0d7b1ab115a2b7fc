package io.millrace.media.segment;

import io.millrace.media.TrackKind;
import io.millrace.media.worker.RungSwitch;
import io.millrace.media.worker.WorkerConfig;
import io.millrace.media.worker.WorkerPort;
import io.millrace.media.worker.WorkerUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The worker's input, and a copy of all of it since the IDR of the oldest segment that some rung
 * has not finished, so that another worker can take over. Bounded, because a rung that is late
 * beyond the lag limit gives its segment up.
 */
final class WorkerFeed {
  /** Decoders of transcoded audio need this much before a boundary: 4 AAC frames, Opus' 80 ms. */
  static final long AUDIO_PREROLL_90K = 18_000;

  private sealed interface Item permits Config, Unit, Flush {}

  private record Config(WorkerConfig config) implements Item {}

  private record Unit(WorkerUnit unit) implements Item {}

  private record Flush(int id) implements Item {}

  private final Map<TrackKind, WorkerConfig> initial = new EnumMap<>(TrackKind.class);
  private Deque<Item> items = new ArrayDeque<>();
  private WorkerPort port;
  private int flushes;

  void attach(WorkerPort worker, long encodeFrom90k, Collection<RungSwitch> switches) {
    port = worker;
    initial.values().forEach(worker::configure);
    if (!switches.isEmpty() && !initial.isEmpty()) {
      worker.rungs(List.copyOf(switches));
    }
    for (Item item : items) {
      send(item, encodeFrom90k);
    }
  }

  void detach() {
    port = null;
  }

  boolean attached() {
    return port != null;
  }

  void configure(WorkerConfig config) {
    add(new Config(config));
  }

  void unit(WorkerUnit unit) {
    add(new Unit(unit));
  }

  int flush() {
    flushes++;
    add(new Flush(flushes));
    return flushes;
  }

  /** Takes effect with the unit that follows. */
  void rungs(Collection<RungSwitch> switches) {
    if (port != null && !switches.isEmpty()) {
      port.rungs(List.copyOf(switches));
    }
  }

  private void add(Item item) {
    items.add(item);
    if (port != null) {
      send(item, Long.MIN_VALUE);
    }
  }

  private void send(Item item, long encodeFrom90k) {
    if (item instanceof Config config) {
      port.configure(config.config);
    } else if (item instanceof Unit unit) {
      port.unit(from(unit.unit, encodeFrom90k));
    } else if (item instanceof Flush flush) {
      port.flush(flush.id);
    }
  }

  private static WorkerUnit from(WorkerUnit unit, long encodeFrom90k) {
    if (unit.encodeFromPts() >= encodeFrom90k) {
      return unit;
    }
    return new WorkerUnit(
        unit.seq(),
        unit.generation(),
        unit.track(),
        unit.dts(),
        unit.pts(),
        unit.idr(),
        unit.forceIdr(),
        encodeFrom90k,
        unit.data());
  }

  /** Forgets what no rung needs whose oldest unfinished segment starts at {@code start90k}. */
  void trim(long start90k) {
    Item keepFrom = null;
    for (Item item : items) {
      if (item instanceof Unit unit
          && unit.unit.track() == TrackKind.VIDEO
          && unit.unit.idr()
          && unit.unit.pts() <= start90k) {
        keepFrom = item;
      }
    }
    Deque<Item> kept = new ArrayDeque<>();
    boolean reached = keepFrom == null;
    for (Item item : items) {
      reached |= item == keepFrom;
      if (needed(item, reached, start90k)) {
        kept.add(item);
      } else if (item instanceof Config config) {
        initial.put(config.config.track(), config.config);
      }
    }
    items = kept;
  }

  private static boolean needed(Item item, boolean reached, long start90k) {
    if (item instanceof Unit unit && unit.unit.track() == TrackKind.AUDIO) {
      return unit.unit.pts() >= start90k - AUDIO_PREROLL_90K;
    }
    if (item instanceof Config config && config.config.track() == TrackKind.AUDIO) {
      return false;
    }
    return reached;
  }

  /** Sequence number of the first audio unit that a replay for {@code start90k} needs, or −1. */
  long audioSeqFor(long start90k) {
    for (Item item : items) {
      if (item instanceof Unit unit
          && unit.unit.track() == TrackKind.AUDIO
          && unit.unit.pts() >= start90k - AUDIO_PREROLL_90K) {
        return unit.unit.seq();
      }
    }
    return -1;
  }

  long queuedMedia90k() {
    return port == null ? 0 : port.queuedMedia90k();
  }

  void end() {
    if (port != null) {
      port.end();
    }
  }
}
