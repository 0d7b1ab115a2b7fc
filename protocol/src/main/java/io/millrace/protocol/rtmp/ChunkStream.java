package io.millrace.protocol.rtmp;

import java.nio.ByteBuffer;

/**
 * One chunk stream id of a connection: the header that later chunks refer to, and the message under
 * way. The buffer is kept from message to message, so that a steady stream allocates nothing.
 */
final class ChunkStream {
  private static final int FIRST_BYTES = 1024;
  private static final int KEEP_BYTES = 1 << 20;
  private static final byte[] NONE = new byte[0];

  /** Absolute time of the message, ms modulo 2^32. */
  int timestamp;

  /** Timestamp or delta as last sent; what a type 3 chunk repeats. */
  int field;

  /** The last header carried an extended timestamp. */
  boolean extended;

  int length;
  int typeId;
  int streamId;

  /** A message has begun and is not complete. */
  boolean open;

  private int received;
  private byte[] bytes = NONE;
  private ByteBuffer view = ByteBuffer.wrap(NONE);

  int received() {
    return received;
  }

  int missing() {
    return length - received;
  }

  boolean complete() {
    return received == length;
  }

  /** Bytes of memory that taking {@code count} more bytes would add. */
  int growth(int count) {
    return received + count <= bytes.length ? 0 : capacityFor(received + count) - bytes.length;
  }

  private int capacityFor(int needed) {
    return Math.min(length, Math.max(needed, Math.max(FIRST_BYTES, 2 * bytes.length)));
  }

  void append(ByteBuffer in, int count) {
    if (received + count > bytes.length) {
      byte[] larger = new byte[capacityFor(received + count)];
      System.arraycopy(bytes, 0, larger, 0, received);
      bytes = larger;
      view = ByteBuffer.wrap(larger);
    }
    in.get(bytes, received, count);
    received += count;
  }

  /** The whole message; valid until the next byte of this chunk stream. */
  ByteBuffer payload() {
    return view.clear().limit(received);
  }

  /** Ends the message under way. Returns the bytes of memory that were given back. */
  int reset() {
    open = false;
    received = 0;
    return bytes.length > KEEP_BYTES ? release() : 0;
  }

  /** Gives an idle buffer back. */
  int release() {
    int freed = bytes.length;
    bytes = NONE;
    view = ByteBuffer.wrap(NONE);
    return freed;
  }
}
