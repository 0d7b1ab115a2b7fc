package io.millrace.node.stream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all streams of a node hold in memory because the store has not taken it yet. Who finds it
 * over the limit gives up some of its own. Thread-safe.
 */
public final class WaitingBytes {
  private final long limit;
  private final AtomicLong waiting = new AtomicLong();

  public WaitingBytes(long limit) {
    this.limit = limit;
  }

  void add(long bytes) {
    waiting.addAndGet(bytes);
  }

  void remove(long bytes) {
    waiting.addAndGet(-bytes);
  }

  boolean isOver() {
    return waiting.get() > limit;
  }

  public long bytes() {
    return waiting.get();
  }
}
