package io.millrace.http.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.pekko.util.ByteString;

/** What is still to be written to a socket, in order. Confined to who writes to the socket. */
final class Unwritten {
  /** More at a time costs more: it does not stay in the processor's cache. */
  private static final int WRITE_BYTES = 32 << 10;

  /** Then it is others' turn, however fast this socket takes it. */
  private static final int WRITES_PER_TURN = 32;

  /** Written from outside the heap, so that a channel makes no copy of its own, of any size. */
  private static final ThreadLocal<ByteBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(WRITE_BYTES));

  private final Queue<ByteBuffer> pieces = new ArrayDeque<>(2);

  void add(ByteString bytes) {
    bytes.getByteBuffers().forEach(this::add);
  }

  void add(ByteBuffer piece) {
    if (piece.hasRemaining()) {
      pieces.add(piece);
    }
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /**
   * Writes until nothing is left, the channel takes no more, or a MiB is written.
   *
   * @return whether nothing is left
   */
  boolean writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer scratch = SCRATCH.get();
    for (int writes = 0; !pieces.isEmpty(); writes++) {
      if (writes == WRITES_PER_TURN) {
        return false;
      }
      fill(scratch.clear());
      int offered = scratch.flip().remaining();
      int written = channel.write(scratch);
      skip(written);
      if (written < offered) {
        return false;
      }
    }
    return true;
  }

  private void fill(ByteBuffer scratch) {
    for (ByteBuffer piece : pieces) {
      int length = Math.min(scratch.remaining(), piece.remaining());
      scratch.put(piece.slice(piece.position(), length));
      if (!scratch.hasRemaining()) {
        return;
      }
    }
  }

  private void skip(int bytes) {
    int left = bytes;
    while (left > 0) {
      ByteBuffer piece = pieces.element();
      int length = Math.min(left, piece.remaining());
      piece.position(piece.position() + length);
      left -= length;
      if (!piece.hasRemaining()) {
        pieces.remove();
      }
    }
  }
}
