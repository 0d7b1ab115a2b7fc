package io.millrace.protocol.rtmp;

import java.nio.ByteBuffer;

/** The client's half of the simple handshake. Source: RTMP 1.0 §5.2. */
final class ClientHandshake {
  private static final int PART_BYTES = ServerHandshake.PART_BYTES;
  private static final int S1_END = 1 + PART_BYTES;
  private static final int S2_END = S1_END + PART_BYTES;

  private final byte[] s1 = new byte[PART_BYTES];
  private int received;

  /** C0 and C1. */
  static ByteBuffer hello() {
    ByteBuffer out = ByteBuffer.allocate(1 + PART_BYTES);
    out.put((byte) ServerHandshake.VERSION);
    out.putLong(0);
    ServerHandshake.fill(out, PART_BYTES - 8);
    return out.flip();
  }

  boolean done() {
    return received == S2_END;
  }

  /**
   * Takes the bytes of the handshake and no more.
   *
   * @return C2 once S0, S1 and S2 are complete, else null
   */
  ByteBuffer receive(ByteBuffer in) throws RtmpException {
    if (received == 0 && in.hasRemaining()) {
      int version = in.get() & 0xFF;
      if (version != ServerHandshake.VERSION) {
        throw RtmpException.malformed("handshake version: " + version + " (expected: 3)");
      }
      received = 1;
    }
    if (received > 0 && received < S1_END) {
      int count = Math.min(S1_END - received, in.remaining());
      in.get(s1, received - 1, count);
      received += count;
    }
    if (received >= S1_END && received < S2_END) {
      int count = Math.min(S2_END - received, in.remaining());
      in.position(in.position() + count);
      received += count;
      return received == S2_END ? ByteBuffer.wrap(s1) : null;
    }
    return null;
  }
}
