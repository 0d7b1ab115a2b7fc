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
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The worker's input, and a copy of all of it since the IDR of the oldest segment that some rung
 * has not finished, so that another worker can take over. Bounded, because a rung that is late
 * beyond the lag limit gives its segment up. A worker is given no more than a few seconds at a
 * time; what is given up before it was sent is never sent.
 */
final class WorkerFeed {
  /** Decoders of transcoded audio need this much before a boundary: 4 AAC frames, Opus' 80 ms. */
  static final long AUDIO_PREROLL_90K = 18_000;

  /** Media that may wait in the worker's own queue. */
  private static final long AHEAD_90K = Ticks.TIMESCALE;

  private sealed interface Item permits Config, Unit, Flush, Switches {}

  private record Config(WorkerConfig config) implements Item {}

  private record Unit(WorkerUnit unit) implements Item {}

  private record Flush(int id) implements Item {}

  private record Switches(List<RungSwitch> switches) implements Item {}

  private final Map<TrackKind, WorkerConfig> initial = new EnumMap<>(TrackKind.class);
  private List<RungSwitch> initialSwitches = List.of();
  private Deque<Item> items = new ArrayDeque<>();
  private Deque<Item> unsent = new ArrayDeque<>();
  private WorkerPort port;
  private SortedSet<Long> firstPictures = new TreeSet<>();
  private long videoFrom90k;
  private long audioFrom90k;
  private long newest90k;
  private int flushes;

  /**
   * A worker that knows nothing yet.
   *
   * @param rungs90k for each rung, where its first picture is shown: it becomes an IDR; pictures
   *     before all of them are decoded only
   * @param audio90k sound before this is decoded only
   */
  void attach(WorkerPort worker, Collection<Long> rungs90k, long audio90k) {
    port = worker;
    firstPictures = new TreeSet<>();
    rungs90k.forEach(from -> firstPictures.add(firstPictureFrom(from)));
    videoFrom90k = firstPictures.isEmpty() ? Long.MIN_VALUE : firstPictures.first();
    audioFrom90k = audio90k;
    initial.values().forEach(worker::configure);
    if (!initialSwitches.isEmpty()) {
      worker.rungs(initialSwitches);
    }
    unsent = new ArrayDeque<>(items);
    pump();
  }

  /** Nothing is shown between {@code from} and the picture that this answers. */
  private long firstPictureFrom(long from) {
    long first = Long.MAX_VALUE;
    for (Item item : items) {
      if (item instanceof Unit unit
          && unit.unit.track() == TrackKind.VIDEO
          && unit.unit.pts() >= from) {
        first = Math.min(first, unit.unit.pts());
      }
    }
    return first == Long.MAX_VALUE ? from : first;
  }

  void detach() {
    port = null;
    unsent.clear();
  }

  boolean attached() {
    return port != null;
  }

  void configure(WorkerConfig config) {
    add(new Config(config));
  }

  void unit(WorkerUnit unit) {
    newest90k = Math.max(newest90k, unit.dts());
    add(new Unit(unit));
  }

  int flush() {
    flushes++;
    add(new Flush(flushes));
    return flushes;
  }

  /** Takes effect with the unit that follows, for every worker that is fed from before it. */
  void rungs(List<RungSwitch> switches) {
    if (!switches.isEmpty()) {
      add(new Switches(switches));
    }
  }

  /** The same, ahead of everything that was not sent yet; replaces switches that wait there. */
  void rungsNow(List<RungSwitch> switches) {
    int sent = port == null ? items.size() : items.size() - unsent.size();
    Item now = new Switches(switches);
    Deque<Item> changed = new ArrayDeque<>();
    for (Item item : items) {
      if (sent == 0) {
        changed.add(now);
      }
      if (sent > 0 || !(item instanceof Switches)) {
        changed.add(item);
      }
      sent--;
    }
    if (sent >= 0) {
      changed.add(now);
    }
    items = changed;
    if (port != null) {
      unsent.removeIf(Switches.class::isInstance);
      unsent.addFirst(now);
      pump();
    }
  }

  /** Decoding time of the newest unit, 90 kHz ticks. */
  long newest90k() {
    return newest90k;
  }

  private void add(Item item) {
    items.add(item);
    if (port != null) {
      unsent.add(item);
      pump();
    }
  }

  /** Sends what the worker has room for; called whenever it may have got on. */
  void pump() {
    while (port != null && !unsent.isEmpty() && port.queuedMedia90k() < AHEAD_90K) {
      send(unsent.remove());
    }
  }

  private void send(Item item) {
    if (item instanceof Config config) {
      port.configure(config.config);
    } else if (item instanceof Unit unit) {
      boolean video = unit.unit.track() == TrackKind.VIDEO;
      boolean first = video && firstPictures.contains(unit.unit.pts());
      port.unit(from(unit.unit, video ? videoFrom90k : audioFrom90k, first));
    } else if (item instanceof Flush flush) {
      port.flush(flush.id);
    } else if (item instanceof Switches switches) {
      port.rungs(switches.switches);
    }
  }

  private static WorkerUnit from(WorkerUnit unit, long encodeFrom90k, boolean forceIdr) {
    if (unit.encodeFromPts() >= encodeFrom90k && !forceIdr) {
      return unit;
    }
    return new WorkerUnit(
        unit.seq(),
        unit.generation(),
        unit.track(),
        unit.dts(),
        unit.pts(),
        unit.idr(),
        unit.forceIdr() || forceIdr,
        Math.max(unit.encodeFromPts(), encodeFrom90k),
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
    Deque<Item> keptUnsent = new ArrayDeque<>();
    int sent = items.size() - unsent.size();
    boolean reached = keepFrom == null;
    for (Item item : items) {
      reached |= item == keepFrom;
      boolean wasSent = port == null || sent > 0;
      sent--;
      if (needed(item, reached, start90k)) {
        kept.add(item);
        if (!wasSent) {
          keptUnsent.add(item);
        }
      } else {
        forget(item, wasSent);
      }
    }
    items = kept;
    unsent = keptUnsent;
  }

  /** What later units build on stays known, and is sent although the units before it are not. */
  private void forget(Item item, boolean wasSent) {
    if (item instanceof Config config) {
      initial.put(config.config.track(), config.config);
    } else if (item instanceof Switches switches) {
      initialSwitches = switches.switches;
    } else {
      return;
    }
    if (!wasSent) {
      send(item);
    }
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

  /** Media that the worker has not taken yet, 90 kHz ticks; 0 without one. */
  long queuedMedia90k() {
    if (port == null) {
      return 0;
    }
    for (Item item : unsent) {
      if (item instanceof Unit unit) {
        return port.queuedMedia90k() + Math.max(0, newest90k - unit.unit.dts());
      }
    }
    return port.queuedMedia90k();
  }

  void end() {
    if (port != null) {
      port.end();
    }
  }
}
