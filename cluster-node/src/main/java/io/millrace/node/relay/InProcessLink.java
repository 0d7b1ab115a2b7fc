package io.millrace.node.relay;

import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Both ends of a way within one process: a bounded queue of frame values, no encoding. */
public final class InProcessLink implements RelayTransport, OwnerLink {
  private final FrameQueue queue;
  private final Listener listener;
  private final AtomicBoolean finishing = new AtomicBoolean();

  InProcessLink(DataPort.Bounds bounds, Listener listener) {
    this.queue = new FrameQueue(bounds, listener::writable);
    this.listener = listener;
  }

  @Override
  public boolean send(RelayFrame frame) {
    return queue.offer(frame);
  }

  @Override
  public void close() {
    queue.close();
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
    if (!queue.isClosed()) {
      listener.acknowledged(seq);
    }
  }

  @Override
  public void finish(String text) {
    if (!queue.isClosed() && !finishing.getAndSet(true)) {
      listener.ended(CloseReason.TAKEN_OVER, text);
    }
  }

  @Override
  public void end(CloseReason reason, String text) {
    if (queue.discard() && !finishing.get()) {
      listener.ended(reason, text);
    }
  }

  @Override
  public void release() {
    if (queue.discard()) {
      listener.lost();
    }
  }
}
