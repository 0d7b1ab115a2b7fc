package io.millrace.node.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bounded queue of frames at one end of a way: one side puts, the other takes, either closes
 * it. The last frame it takes is an end, or the cut of the way. Thread-safe; calls out without
 * holding its lock.
 */
final class FrameQueue {
  private final DataPort.Bounds bounds;
  private final Runnable onRoom;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<RelayFrame> frames = new ArrayDeque<>();
  private Runnable onFrames = () -> {};
  private long bytes;
  private boolean full;
  private boolean ended;
  private boolean closed;

  /**
   * @param onRoom called by who takes, when the queue was full and is half empty
   */
  FrameQueue(DataPort.Bounds bounds, Runnable onRoom) {
    this.bounds = bounds;
    this.onRoom = onRoom;
  }

  /**
   * @param newOnFrames called by who puts when the queue was empty, and now if it is not
   */
  void start(Runnable newOnFrames) {
    boolean waiting;
    lock.lock();
    try {
      onFrames = newOnFrames;
      waiting = !frames.isEmpty();
    } finally {
      lock.unlock();
    }
    if (waiting) {
      newOnFrames.run();
    }
  }

  /**
   * Takes the frame if there is room; in an empty queue there is, for any frame.
   *
   * @return whether it was taken; {@code onRoom} follows a refusal unless the queue is closed
   */
  boolean offer(RelayFrame frame) {
    Runnable wakeUp;
    lock.lock();
    try {
      if (closed || ended) {
        return false;
      }
      boolean fits = frames.size() < bounds.frames() && bytes + frame.sizeBytes() <= bounds.bytes();
      if (!fits && !frames.isEmpty()) {
        full = true;
        return false;
      }
      wakeUp = append(frame);
    } finally {
      lock.unlock();
    }
    wakeUp.run();
    return true;
  }

  /** Takes a frame that is here already, room or not. */
  void add(RelayFrame frame) {
    Runnable wakeUp;
    lock.lock();
    try {
      if (closed || ended) {
        return;
      }
      wakeUp = append(frame);
      full |= frames.size() >= bounds.frames() || bytes >= bounds.bytes();
    } finally {
      lock.unlock();
    }
    wakeUp.run();
  }

  private Runnable append(RelayFrame frame) {
    frames.addLast(frame);
    bytes += frame.sizeBytes();
    ended = frame instanceof RelayFrame.End || frame instanceof RelayFrame.Broken;
    return frames.size() == 1 ? onFrames : () -> {};
  }

  /** Nothing should be added now; {@code onRoom} follows. */
  boolean isFull() {
    lock.lock();
    try {
      return full && !ended;
    } finally {
      lock.unlock();
    }
  }

  Optional<RelayFrame> poll() {
    boolean room = false;
    RelayFrame frame;
    lock.lock();
    try {
      frame = frames.pollFirst();
      if (frame != null) {
        bytes -= frame.sizeBytes();
        boolean half = frames.size() <= bounds.frames() / 2 && bytes <= bounds.bytes() / 2;
        room = full && half && !closed;
        full = full && !half;
      }
    } finally {
      lock.unlock();
    }
    if (room) {
      onRoom.run();
    }
    return Optional.ofNullable(frame);
  }

  /**
   * Nothing follows: what was taken can still be polled, and after it an end that is not clean
   * unless one was taken.
   *
   * @return whether it was open
   */
  boolean close() {
    Runnable wakeUp = () -> {};
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      if (!ended) {
        wakeUp = append(new RelayFrame.End(false));
      }
    } finally {
      lock.unlock();
    }
    wakeUp.run();
    return true;
  }

  /**
   * Nothing follows, and what was taken is dropped.
   *
   * @return whether it was open
   */
  boolean discard() {
    lock.lock();
    try {
      boolean first = !closed;
      closed = true;
      frames.clear();
      bytes = 0;
      return first;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
