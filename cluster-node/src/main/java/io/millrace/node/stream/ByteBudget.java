package io.millrace.node.stream;

/**
 * Bytes that may be on their way from one thread to another. The sender waits while they are used
 * up, so it must be a thread of its own, never one of a dispatcher. Thread-safe.
 */
final class ByteBudget {
  private final int limit;
  private int free;
  private boolean closed;

  ByteBudget(int limit) {
    this.limit = limit;
    this.free = limit;
  }

  /**
   * Waits until there is room.
   *
   * @param bytes at most the limit
   * @return false when the budget was closed or the thread interrupted: nothing was taken
   */
  synchronized boolean acquire(int bytes) {
    if (bytes > limit) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: at most " + limit + ")");
    }
    try {
      while (free < bytes && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    if (!closed) {
      free -= bytes;
    }
    return !closed;
  }

  synchronized void release(int bytes) {
    free += bytes;
    notifyAll();
  }

  /** Nobody waits any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  int limit() {
    return limit;
  }
}
