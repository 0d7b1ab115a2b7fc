package io.millrace.node.relay;

import io.millrace.media.MediaUnit;

/** Units with consecutive numbers, by number: a ring that grows. Not thread-safe. */
final class RelayUnits {
  private static final byte[] ON_DISK = {};

  /** A unit and where its payload is. */
  static final class Entry {
    private final int size;
    private final long positionMs;
    private MediaUnit unit;
    private RelayBlock block;
    private boolean inMemory = true;
    private boolean held = true;

    Entry(MediaUnit unit, long positionMs) {
      this.unit = unit;
      this.size = unit.payload().length;
      this.positionMs = positionMs;
    }

    /** Without its payload while that is on disk only. */
    MediaUnit unit() {
      return unit;
    }

    /** Bytes of payload. */
    int size() {
      return size;
    }

    /** Media time since the session began, as it went by. */
    long positionMs() {
      return positionMs;
    }

    boolean isInMemory() {
      return inMemory;
    }

    /** Null while it is in memory only. */
    RelayBlock block() {
      return block;
    }

    void block(RelayBlock newBlock) {
      block = newBlock;
    }

    /** It left the buffer; its block does not care for it any more. */
    void forget() {
      held = false;
    }

    boolean isHeld() {
      return held;
    }

    void unload() {
      unit = with(ON_DISK);
      inMemory = false;
    }

    void load(byte[] payload) {
      unit = with(payload);
      inMemory = true;
    }

    private MediaUnit with(byte[] payload) {
      return new MediaUnit(
          unit.seq(),
          unit.kind(),
          unit.track(),
          unit.codec(),
          unit.generation(),
          unit.dtsMs(),
          unit.compositionOffsetMs(),
          unit.idr(),
          payload);
    }
  }

  private Entry[] ring = new Entry[256];
  private long firstSeq;
  private int size;

  /** The next number, or any number when nothing is held. */
  void add(Entry entry) {
    long seq = entry.unit().seq();
    if (size == 0) {
      firstSeq = seq;
    } else if (seq != nextSeq()) {
      throw new IllegalArgumentException("seq: " + seq + " (expected: " + nextSeq() + ")");
    }
    if (size == ring.length) {
      grow();
    }
    ring[slot(seq)] = entry;
    size++;
  }

  private void grow() {
    Entry[] old = ring;
    Entry[] larger = new Entry[old.length * 2];
    for (long seq = firstSeq; seq < nextSeq(); seq++) {
      larger[(int) (seq % larger.length)] = old[(int) (seq % old.length)];
    }
    ring = larger;
  }

  private int slot(long seq) {
    return (int) (seq % ring.length);
  }

  Entry get(long seq) {
    if (seq < firstSeq || seq >= nextSeq()) {
      throw new IllegalArgumentException(
          "seq: " + seq + " (expected: " + firstSeq + " to " + (nextSeq() - 1) + ")");
    }
    return ring[slot(seq)];
  }

  Entry last() {
    return get(nextSeq() - 1);
  }

  Entry removeFirst() {
    Entry first = get(firstSeq);
    ring[slot(firstSeq)] = null;
    firstSeq++;
    size--;
    return first;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  long firstSeq() {
    return firstSeq;
  }

  /** One more than the last number held. */
  long nextSeq() {
    return firstSeq + size;
  }
}
