package io.millrace.node.relay;

import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Both ends of a way within one process: a bounded queue of frame values, no encoding. Never calls
 * out while it holds its lock.
 */
public final class InProcessLink implements RelayTransport, OwnerLink {
  private final int maxFrames;
  private final long maxBytes;
  private final Listener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<RelayFrame> queue = new ArrayDeque<>();
  private Runnable onFrames = () -> {};
  private long bytes;
  private boolean refused;
  private boolean endTaken;
  private boolean closed;
  private final AtomicBoolean finishing = new AtomicBoolean();

  /**
   * @param maxFrames frames that wait at most
   * @param maxBytes payload that waits at most; one frame always fits
   */
  public InProcessLink(int maxFrames, long maxBytes, Listener listener) {
    this.maxFrames = maxFrames;
    this.maxBytes = maxBytes;
    this.listener = listener;
  }

  @Override
  public boolean send(RelayFrame frame) {
    Runnable wakeUp;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      boolean full = queue.size() >= maxFrames || bytes + frame.sizeBytes() > maxBytes;
      if (full && !queue.isEmpty()) {
        refused = true;
        return false;
      }
      queue.addLast(frame);
      bytes += frame.sizeBytes();
      endTaken |= frame instanceof RelayFrame.End;
      wakeUp = queue.size() == 1 ? onFrames : () -> {};
    } finally {
      lock.unlock();
    }
    wakeUp.run();
    return true;
  }

  @Override
  public void close() {
    if (shut(false)) {
      onFrames().run();
    }
  }

  private Runnable onFrames() {
    lock.lock();
    try {
      return onFrames;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void start(Runnable newOnFrames) {
    boolean waiting;
    lock.lock();
    try {
      onFrames = newOnFrames;
      waiting = !queue.isEmpty();
    } finally {
      lock.unlock();
    }
    if (waiting) {
      newOnFrames.run();
    }
  }

  @Override
  public Optional<RelayFrame> poll() {
    boolean room = false;
    RelayFrame frame;
    lock.lock();
    try {
      frame = queue.pollFirst();
      if (frame != null) {
        bytes -= frame.sizeBytes();
        room = refused && queue.size() <= maxFrames / 2 && bytes <= maxBytes / 2;
        refused = refused && !room;
      }
    } finally {
      lock.unlock();
    }
    if (room) {
      listener.writable();
    }
    return Optional.ofNullable(frame);
  }

  @Override
  public void acknowledge(long seq) {
    if (!isClosed()) {
      listener.acknowledged(seq);
    }
  }

  @Override
  public void finish(String text) {
    if (!isClosed() && !finishing.getAndSet(true)) {
      listener.ended(CloseReason.TAKEN_OVER, text);
    }
  }

  @Override
  public void end(CloseReason reason, String text) {
    if (shut(true) && !finishing.get()) {
      listener.ended(reason, text);
    }
  }

  @Override
  public void release() {
    if (shut(true)) {
      listener.lost();
    }
  }

  /** What was sent before {@code close} can still be polled; an end from the owner drops it. */
  private boolean shut(boolean discard) {
    lock.lock();
    try {
      boolean first = !closed;
      closed = true;
      if (discard) {
        queue.clear();
        bytes = 0;
      } else if (first && !endTaken) {
        RelayFrame end = new RelayFrame.End(false);
        queue.addLast(end);
        bytes += end.sizeBytes();
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
