package io.millrace.protocol.rtmp;

import java.nio.ByteBuffer;

/**
 * Cuts messages into chunks: a type 0 chunk with an absolute timestamp, then type 3 chunks that
 * repeat an extended timestamp. Source: RTMP 1.0 §5.3.1.
 */
final class ChunkWriter {
  static final int CSID_CONTROL = 2;
  static final int CSID_COMMAND = 3;
  static final int CSID_AUDIO = 4;
  static final int CSID_STREAM = 5;
  static final int CSID_VIDEO = 6;

  private static final int EXTENDED = 0xFFFFFF;

  private int chunkSize = 128;

  /** Takes effect with the next message; the peer must have been told. */
  void chunkSize(int bytes) {
    chunkSize = bytes;
  }

  /**
   * One whole message, ready to send.
   *
   * @param csid chunk stream id, 2 to 63
   * @param timestampMs taken modulo 2^32
   * @param payload consumed
   */
  ByteBuffer write(int csid, int typeId, int streamId, long timestampMs, ByteBuffer payload) {
    int length = payload.remaining();
    int timestamp = (int) timestampMs;
    boolean extended = (timestamp & 0xFFFFFFFFL) >= EXTENDED;
    int more = length == 0 ? 0 : (length - 1) / chunkSize;
    ByteBuffer out = ByteBuffer.allocate(12 + length + more + (extended ? 4 * (more + 1) : 0));
    out.put((byte) csid);
    u24(out, extended ? EXTENDED : timestamp);
    u24(out, length);
    out.put((byte) typeId);
    out.putInt(Integer.reverseBytes(streamId));
    while (true) {
      if (extended) {
        out.putInt(timestamp);
      }
      int count = Math.min(chunkSize, payload.remaining());
      out.put(out.position(), payload, payload.position(), count);
      out.position(out.position() + count);
      payload.position(payload.position() + count);
      if (!payload.hasRemaining()) {
        return out.flip();
      }
      out.put((byte) (0xC0 | csid));
    }
  }

  ByteBuffer command(int csid, int streamId, byte[] amf) {
    return write(csid, MessageType.COMMAND_AMF0, streamId, 0, ByteBuffer.wrap(amf));
  }

  /** A protocol control message of one uint32. */
  ByteBuffer control(int typeId, int value) {
    return write(CSID_CONTROL, typeId, 0, 0, ByteBuffer.allocate(4).putInt(0, value));
  }

  /** SetPeerBandwidth, limit type 2 = dynamic. */
  ByteBuffer peerBandwidth(int bytes) {
    ByteBuffer payload = ByteBuffer.allocate(5).putInt(bytes).put((byte) 2).flip();
    return write(CSID_CONTROL, MessageType.SET_PEER_BANDWIDTH, 0, 0, payload);
  }

  /** A user control message: event type (uint16), then one uint32. */
  ByteBuffer userControl(int event, int value) {
    ByteBuffer payload = ByteBuffer.allocate(6).putShort((short) event).putInt(value).flip();
    return write(CSID_CONTROL, MessageType.USER_CONTROL, 0, 0, payload);
  }

  private static void u24(ByteBuffer out, int value) {
    out.put((byte) (value >>> 16));
    out.put((byte) (value >>> 8));
    out.put((byte) value);
  }
}
