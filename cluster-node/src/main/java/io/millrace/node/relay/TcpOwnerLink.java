package io.millrace.node.relay;

import io.millrace.media.net.SocketLoop;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The owner's end of a connection that its data port took. Frames wait in a bounded queue; while it
 * is full the socket is not read, except for what one read had already brought.
 */
final class TcpOwnerLink implements OwnerLink {
  private final SocketLoop loop;
  private final RelaySocket socket;
  private final WireFrames wire;
  private final FrameQueue queue;
  private final AtomicLong acknowledged = new AtomicLong(-1);
  private final AtomicBoolean acknowledgeWaiting = new AtomicBoolean();

  TcpOwnerLink(DataPort.Bounds bounds, SocketLoop loop, RelaySocket socket, WireFrames wire) {
    this.loop = loop;
    this.socket = socket;
    this.wire = wire;
    this.queue = new FrameQueue(bounds, () -> loop.execute(() -> socket.reading(true)));
  }

  /** One frame came in; on the loop. */
  void offer(RelayFrame frame) {
    queue.add(frame);
    if (queue.isFull()) {
      socket.reading(false);
    }
  }

  @Override
  public void start(Runnable onFrames) {
    queue.start(onFrames);
  }

  @Override
  public Optional<RelayFrame> poll() {
    return queue.poll();
  }

  @Override
  public void acknowledge(long seq) {
    acknowledged.set(seq);
    if (!acknowledgeWaiting.getAndSet(true)) {
      loop.execute(this::sendAcknowledgement);
    }
  }

  private void sendAcknowledgement() {
    acknowledgeWaiting.set(false);
    if (!socket.isClosed()) {
      socket.write(wire.acknowledged(acknowledged.get()));
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
    if (queue.discard()) {
      loop.execute(
          () -> {
            if (!socket.isClosed()) {
              socket.write(last);
              socket.closeFlushed();
            }
          });
    }
  }
}
