package io.millrace.node.relay;

import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.net.SocketLoop;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The owner's end of a connection that its data port took. Frames wait in a bounded queue; while it
 * is full the socket is not read, except for what one read had already brought.
 */
final class TcpOwnerLink implements OwnerLink {
  private final DataPort.Bounds bounds;
  private final SocketLoop loop;
  private final RelaySocket socket;
  private final WireFrames wire;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<RelayFrame> queue = new ArrayDeque<>();
  private Runnable onFrames = () -> {};
  private long bytes;
  private boolean full;
  private boolean ended;
  private boolean finished;
  private long acknowledged = -1;
  private boolean acknowledgeWaiting;

  TcpOwnerLink(DataPort.Bounds bounds, SocketLoop loop, RelaySocket socket, WireFrames wire) {
    this.bounds = bounds;
    this.loop = loop;
    this.socket = socket;
    this.wire = wire;
  }

  /** One frame came in; on the loop. */
  void offer(RelayFrame frame) {
    boolean first;
    boolean stopReading;
    Runnable wakeUp;
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = frame instanceof RelayFrame.End || frame instanceof RelayFrame.Broken;
      first = queue.isEmpty();
      queue.addLast(frame);
      bytes += frame.sizeBytes();
      full |= queue.size() >= bounds.frames() || bytes >= bounds.bytes();
      stopReading = full && !ended;
      wakeUp = onFrames;
    } finally {
      lock.unlock();
    }
    if (stopReading) {
      socket.reading(false);
    }
    if (first) {
      wakeUp.run();
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
        room = full && queue.size() <= bounds.frames() / 2 && bytes <= bounds.bytes() / 2;
        full = full && !room;
      }
    } finally {
      lock.unlock();
    }
    if (room) {
      loop.execute(() -> socket.reading(true));
    }
    return Optional.ofNullable(frame);
  }

  @Override
  public void acknowledge(long seq) {
    lock.lock();
    try {
      acknowledged = seq;
      if (acknowledgeWaiting) {
        return;
      }
      acknowledgeWaiting = true;
    } finally {
      lock.unlock();
    }
    loop.execute(this::sendAcknowledgement);
  }

  private void sendAcknowledgement() {
    long seq;
    lock.lock();
    try {
      seq = acknowledged;
      acknowledgeWaiting = false;
    } finally {
      lock.unlock();
    }
    if (!socket.isClosed()) {
      socket.write(wire.acknowledged(seq));
      socket.flush();
    }
  }

  @Override
  public void finish(String text) {
    ByteBuffer notice = wire.ended(CloseReason.TAKEN_OVER, text);
    loop.execute(
        () -> {
          if (!socket.isClosed()) {
            socket.write(notice);
            socket.flush();
          }
        });
  }

  @Override
  public void end(CloseReason reason, String text) {
    finish(wire.ended(reason, text));
  }

  @Override
  public void release() {
    finish(wire.moved());
  }

  private void finish(ByteBuffer last) {
    lock.lock();
    try {
      queue.clear();
      bytes = 0;
      if (finished) {
        return;
      }
      ended = true;
      finished = true;
    } finally {
      lock.unlock();
    }
    loop.execute(
        () -> {
          if (!socket.isClosed()) {
            socket.write(last);
            socket.closeFlushed();
          }
        });
  }
}
