package io.millrace.protocol.rtmp;

import java.nio.ByteBuffer;

/**
 * Aggregate messages: FLV tags back to back, each 11 bytes of header (type uint8, size uint24,
 * timestamp uint24 + uint8 high byte, stream id uint24), body, and 4 bytes of back pointer. Their
 * times count from the first tag's, which stands for the message's own. Source: RTMP 1.0 §7.1.6.
 */
final class Aggregates {
  /** Takes the messages inside. */
  interface Sink {
    void onMessage(int typeId, long timestampMs, ByteBuffer body) throws RtmpException;
  }

  private static final int HEADER_BYTES = 11;
  private static final int BACK_POINTER_BYTES = 4;

  private Aggregates() {}

  static void split(long timestampMs, ByteBuffer in, Sink sink) throws RtmpException {
    boolean first = true;
    int base = 0;
    while (in.hasRemaining()) {
      if (in.remaining() < HEADER_BYTES) {
        throw RtmpException.malformed(
            "aggregate: " + in.remaining() + " bytes (expected: a tag header)");
      }
      int typeAndSize = in.getInt();
      int size = typeAndSize & 0xFFFFFF;
      int time = in.getInt();
      time = (time >>> 8) | (time << 24);
      in.position(in.position() + 3);
      if (size > in.remaining()) {
        throw RtmpException.malformed(
            "aggregate tag: " + size + " bytes (expected: at most " + in.remaining() + ")");
      }
      base = first ? time : base;
      first = false;
      ByteBuffer body = in.slice(in.position(), size);
      in.position(in.position() + size);
      in.position(in.position() + Math.min(BACK_POINTER_BYTES, in.remaining()));
      sink.onMessage(typeAndSize >>> 24, (timestampMs + (time - base)) & 0xFFFFFFFFL, body);
    }
  }
}
