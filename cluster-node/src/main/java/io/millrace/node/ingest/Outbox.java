package io.millrace.node.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** Bytes on their way to a peer; bounded. Confined to the connection's thread. */
final class Outbox {
  private final int maxBytes;
  private final Deque<ByteBuffer> queue = new ArrayDeque<>();
  private long bytes;

  Outbox(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(ByteBuffer buffer) {
    queue.addLast(buffer);
    bytes += buffer.remaining();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** The peer does not read what it is sent. */
  boolean overflowing() {
    return bytes > maxBytes;
  }

  /** Writes as much as the socket takes now. */
  void flush(GatheringByteChannel channel) throws IOException {
    if (queue.isEmpty()) {
      return;
    }
    bytes -= channel.write(queue.toArray(ByteBuffer[]::new));
    while (!queue.isEmpty() && !queue.peekFirst().hasRemaining()) {
      queue.removeFirst();
    }
  }
}
