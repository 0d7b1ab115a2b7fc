package io.millrace.protocol.rtmp;

import java.nio.ByteBuffer;

/**
 * The server's half of the simple handshake. A client that offers a digest is answered with a
 * version field of zero, which makes it go on without one; what C2 holds is not checked, since
 * encoders differ. Source: RTMP 1.0 §5.2.
 */
final class ServerHandshake {
  static final int PART_BYTES = 1536;
  static final int VERSION = 3;

  private static final int C1_END = 1 + PART_BYTES;
  private static final int C2_END = C1_END + PART_BYTES;

  private final byte[] c1 = new byte[PART_BYTES];
  private int received;

  boolean done() {
    return received == C2_END;
  }

  /**
   * Takes the bytes of the handshake and no more.
   *
   * @return S0, S1 and S2 once C1 is complete, else null
   */
  ByteBuffer receive(ByteBuffer in) throws RtmpException {
    ByteBuffer answer = null;
    if (received == 0 && in.hasRemaining()) {
      checkVersion(in.get() & 0xFF);
      received = 1;
    }
    if (received > 0 && received < C1_END) {
      int count = Math.min(C1_END - received, in.remaining());
      in.get(c1, received - 1, count);
      received += count;
      answer = received == C1_END ? answer() : null;
    }
    if (received >= C1_END) {
      int count = Math.min(C2_END - received, in.remaining());
      in.position(in.position() + count);
      received += count;
    }
    return answer;
  }

  private ByteBuffer answer() {
    ByteBuffer out = ByteBuffer.allocate(1 + 2 * PART_BYTES);
    out.put((byte) VERSION);
    out.putLong(0);
    fill(out, PART_BYTES - 8);
    out.put(c1);
    return out.flip();
  }

  /** The specification asks for random bytes only to tell one's own connections apart. */
  static void fill(ByteBuffer out, int count) {
    int state = 0x2545F491;
    for (int i = 0; i < count; i++) {
      state = state * 1664525 + 1013904223;
      out.put((byte) (state >>> 24));
    }
  }

  private static void checkVersion(int version) throws RtmpException {
    if (version == VERSION) {
      return;
    }
    if (version == 0x16 || (version >= 'A' && version <= 'Z')) {
      throw new RtmpException(
          RtmpError.NOT_RTMP, RtmpException.Scope.CONNECTION, "HTTP/TLS on RTMP port");
    }
    throw new RtmpException(
        RtmpError.UNSUPPORTED,
        RtmpException.Scope.CONNECTION,
        "handshake version: " + version + " (expected: 3)");
  }
}
