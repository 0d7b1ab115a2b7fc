package io.millrace.media.worker;

import org.bytedeco.javacpp.Pointer;

/**
 * Which unit a decoded frame or an encoded packet was made from. The key is a counter that rides on
 * the native objects; what was overwritten (a decoder never holds that many) is not found.
 */
final class UnitsInFlight {
  private static final int SIZE = 256;

  private final WorkerUnit[] units = new WorkerUnit[SIZE];
  private final long[] keys = new long[SIZE];
  private long last;

  /** Remembers the unit without its data. Returns its key, from 1. */
  long add(WorkerUnit u) {
    last++;
    int slot = (int) (last % SIZE);
    keys[slot] = last;
    units[slot] =
        new WorkerUnit(
            u.seq(),
            u.generation(),
            u.track(),
            u.dts(),
            u.pts(),
            u.idr(),
            u.forceIdr(),
            u.encodeFromPts(),
            NO_DATA);
    return last;
  }

  /** The unit whose key is in {@code opaque}, or null. */
  WorkerUnit find(Pointer opaque) {
    long key = OpaqueTag.number(opaque);
    int slot = (int) Math.floorMod(key, (long) SIZE);
    return key > 0 && keys[slot] == key ? units[slot] : null;
  }

  private static final byte[] NO_DATA = {};
}
