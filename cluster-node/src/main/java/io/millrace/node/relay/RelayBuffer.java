package io.millrace.node.relay;

import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The units of one session that are not acknowledged yet, in order of their numbers. Holds at least
 * so much media, up to its share of memory, then on disk; when that is full too, whole GOPs go,
 * oldest first. The configurations in force before the oldest unit are always kept. Not
 * thread-safe; what the disk has done comes back through {@code onDisk}, which must run the task
 * like any other call.
 */
final class RelayBuffer {
  private static final int MAX_BLOCK_BYTES = 4 << 20;

  /** What a relay may always keep in memory, however many there are. */
  private static final long SMALL_BYTES = 1 << 20;

  private final RelaySettings settings;
  private final RelaySpill spill;
  private final Consumer<Runnable> onDisk;
  private final RelayUnits units = new RelayUnits();
  private final Deque<Long> groups = new ArrayDeque<>();
  private final Map<TrackKind, MediaUnit> configsBefore = new EnumMap<>(TrackKind.class);
  private final MediaClock clock = new MediaClock();
  private RelayBlock writing;
  private long spilledSeq = -1;
  private long acknowledgedSeq = -1;
  private long bytes;
  private long memoryBytes;
  private boolean video;
  private boolean closed;

  RelayBuffer(RelaySettings settings, RelaySpill spill, Consumer<Runnable> onDisk) {
    this.settings = settings;
    this.spill = spill;
    this.onDisk = onDisk;
  }

  void append(MediaUnit unit) {
    if (unit.isVideo() && !unit.isConfig() && !video) {
      video = true;
      groups.clear();
    }
    RelayUnits.Entry entry = new RelayUnits.Entry(unit, clock.position(unit));
    units.add(entry);
    if (startsGroup(unit)) {
      groups.addLast(unit.seq());
    }
    bytes += entry.size();
    inMemory(entry.size());
    while (groups.size() > 1 && mediaMsAfterFirstGroup() >= settings.keepMedia().toMillis()) {
      dropGroup();
    }
    makeRoom();
  }

  private boolean startsGroup(MediaUnit unit) {
    return !unit.isConfig() && (!video || (unit.isVideo() && unit.idr()));
  }

  private long mediaMsAfterFirstGroup() {
    Iterator<Long> starts = groups.iterator();
    long second = starts.next();
    if (second <= units.firstSeq()) {
      second = starts.next();
    }
    return units.last().positionMs() - units.get(second).positionMs();
  }

  /** To disk what is too much for memory; what finds no room there is given up. */
  private void makeRoom() {
    boolean isShort = spill.memoryIsShort();
    long keep = settings.keepBytes();
    long soft = isShort ? Math.min(SMALL_BYTES, keep) : keep;
    while (memoryBytes > soft && units.size() > 1) {
      if (writing == null && beginBlock(Math.max(memoryBytes - soft, soft / 4))) {
        return;
      }
      if (writing != null && memoryBytes <= keep + writing.bytes()) {
        return;
      }
      dropGroup();
    }
  }

  /**
   * @return false when there is nothing that could go to disk, or no room for it
   */
  private boolean beginBlock(long wanted) {
    int target = (int) Math.max(1, Math.min(MAX_BLOCK_BYTES, wanted));
    List<RelayUnits.Entry> chosen = new ArrayList<>();
    int size = 0;
    for (long seq = Math.max(spilledSeq + 1, units.firstSeq());
        seq < units.nextSeq() && size < target;
        seq++) {
      RelayUnits.Entry entry = units.get(seq);
      if (!entry.unit().isConfig()) {
        chosen.add(entry);
        size += entry.size();
      }
    }
    Optional<RelaySpill.Block> room = size == 0 ? Optional.empty() : spill.reserve(size);
    if (room.isEmpty()) {
      return false;
    }
    spilledSeq = chosen.get(chosen.size() - 1).unit().seq();
    RelayBlock block = new RelayBlock(room.get(), chosen);
    writing = block;
    spill.write(block.file(), block.payloads(), ok -> onDisk.accept(() -> onWritten(block, ok)));
    return true;
  }

  private void onWritten(RelayBlock block, boolean ok) {
    if (writing == block) {
      writing = null;
    }
    if (closed || !ok || block.isObsolete()) {
      block.detach();
      spill.delete(block.file());
    } else {
      inMemory(-block.unload());
    }
  }

  /** The unit, empty while it is on disk only. */
  Optional<MediaUnit> unit(long seq) {
    RelayUnits.Entry entry = units.get(seq);
    return entry.isInMemory() ? Optional.of(entry.unit()) : Optional.empty();
  }

  /** Brings a unit and its neighbours from disk; {@code onLoaded} runs like any other call. */
  void load(long seq, Runnable onLoaded) {
    RelayBlock block = units.get(seq).block();
    if (block.beginLoading()) {
      spill.read(block.file(), content -> onDisk.accept(() -> onRead(block, content, onLoaded)));
    }
  }

  private void onRead(RelayBlock block, Optional<byte[]> content, Runnable onLoaded) {
    if (closed || block.isObsolete()) {
      return;
    }
    if (content.isPresent()) {
      inMemory(block.load(content.get()));
    } else {
      dropThrough(block.lastSeq());
    }
    onLoaded.run();
  }

  /** The unit was sent: a block that was loaded for it may leave memory with its last one. */
  void sent(long seq) {
    RelayBlock block = units.get(seq).block();
    if (block != null && block.lastSeq() == seq && block != writing) {
      inMemory(-block.unload());
    }
  }

  void acknowledge(long seq) {
    acknowledgedSeq = Math.max(acknowledgedSeq, seq);
    while (!units.isEmpty() && units.firstSeq() <= seq) {
      removeFirst();
    }
  }

  long acknowledgedSeq() {
    return acknowledgedSeq;
  }

  /** Number of the oldest unit held, or {@code next} when empty. */
  long firstSeq(long next) {
    return units.isEmpty() ? next : units.firstSeq();
  }

  /** Configurations that units from {@code seq} on may need and that came before it, in order. */
  List<MediaUnit> configsBefore(long seq) {
    Map<TrackKind, MediaUnit> inForce = new EnumMap<>(configsBefore);
    for (long at = units.firstSeq(); at < Math.min(seq, units.nextSeq()); at++) {
      MediaUnit unit = units.get(at).unit();
      if (unit.isConfig()) {
        inForce.put(unit.track(), unit);
      }
    }
    return inForce.values().stream().sorted(Comparator.comparingLong(MediaUnit::seq)).toList();
  }

  /** Payload of all units from {@code seq} on. */
  long bytesFrom(long seq) {
    long sum = 0;
    for (long at = Math.max(seq, units.firstSeq()); at < units.nextSeq(); at++) {
      sum += units.get(at).size();
    }
    return sum;
  }

  long bytes() {
    return bytes;
  }

  long memoryBytes() {
    return memoryBytes;
  }

  long mediaMs() {
    return units.isEmpty()
        ? 0
        : units.last().positionMs() - units.get(units.firstSeq()).positionMs();
  }

  /** Everything goes. */
  void close() {
    closed = true;
    while (!units.isEmpty()) {
      removeFirst();
    }
  }

  private void dropGroup() {
    do {
      removeFirst();
    } while (units.size() > 1 && !startsGroup(units.get(units.firstSeq()).unit()));
  }

  private void dropThrough(long seq) {
    while (units.size() > 1 && units.firstSeq() <= seq) {
      dropGroup();
    }
  }

  private void removeFirst() {
    RelayUnits.Entry entry = units.removeFirst();
    long seq = entry.unit().seq();
    while (!groups.isEmpty() && groups.peekFirst() <= seq) {
      groups.removeFirst();
    }
    bytes -= entry.size();
    if (entry.isInMemory()) {
      inMemory(-entry.size());
    }
    entry.forget();
    if (entry.unit().isConfig()) {
      configsBefore.put(entry.unit().track(), entry.unit());
    }
    RelayBlock block = entry.block();
    if (block != null && block.lastSeq() == seq && block.retire()) {
      spill.delete(block.file());
    }
  }

  private void inMemory(long change) {
    memoryBytes += change;
    spill.memory(change);
  }
}
