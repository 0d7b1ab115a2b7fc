package io.millrace.media.worker;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * A queue between two threads, bounded in media time and in bytes. Entries without a media time
 * take that of the entry before them. One entry always fits into an empty queue.
 */
final class MediaQueue<T> {
  /** Media time of an entry that has none. */
  static final long NO_TIME = Long.MIN_VALUE;

  private record Entry<T>(T value, long time90k, int bytes) {}

  private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>();
  private final long maxSpan90k;
  private final long maxBytes;
  private long lastTime90k = NO_TIME;
  private long bytes;
  private boolean closed;

  MediaQueue(long maxSpan90k, long maxBytes) {
    this.maxSpan90k = maxSpan90k;
    this.maxBytes = maxBytes;
  }

  /** Waits for room. Does nothing once the queue is closed. */
  synchronized void put(T value, long time90k, int size) throws InterruptedException {
    while (!closed && !fits(size)) {
      wait();
    }
    add(value, time90k, size);
  }

  /** Never waits; false when the queue is full or closed, and then {@code value} is not in it. */
  synchronized boolean offer(T value, long time90k, int size) {
    if (closed || !fits(size)) {
      return false;
    }
    add(value, time90k, size);
    return true;
  }

  private boolean fits(int size) {
    return entries.isEmpty() || (span() <= maxSpan90k && bytes + size <= maxBytes);
  }

  private void add(T value, long time90k, int size) {
    if (closed) {
      return;
    }
    if (time90k != NO_TIME) {
      lastTime90k = time90k;
    }
    entries.add(new Entry<>(value, lastTime90k, size));
    bytes += size;
    notifyAll();
  }

  /** The oldest entry; null after {@code timeoutMs}, or when the queue is closed and empty. */
  synchronized T poll(long timeoutMs) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    while (entries.isEmpty() && !closed) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return null;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return remove();
  }

  /** The oldest entry; null when the queue is closed and empty. */
  synchronized T take() throws InterruptedException {
    while (entries.isEmpty() && !closed) {
      wait();
    }
    return remove();
  }

  private T remove() {
    Entry<T> head = entries.poll();
    if (head == null) {
      return null;
    }
    bytes -= head.bytes();
    notifyAll();
    return head.value();
  }

  /** No more entries come in; what is there can still be taken. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Closed, and all was taken. */
  synchronized boolean isClosed() {
    return closed && entries.isEmpty();
  }

  /** Closed; entries may be left. */
  synchronized boolean isShut() {
    return closed;
  }

  synchronized boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Media time between the oldest and the newest entry, 90 kHz ticks. */
  synchronized long span90k() {
    return span();
  }

  private long span() {
    Entry<T> head = entries.peek();
    return head == null || head.time90k() == NO_TIME
        ? 0
        : Math.max(0, lastTime90k - head.time90k());
  }
}
