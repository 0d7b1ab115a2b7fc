package io.millrace.protocol.rtmp;

import io.millrace.protocol.amf.Amf0Writer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;

/** Bytes of a client, chunk by chunk, right or wrong. */
final class Wire {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** C0, C1 and C2. */
  static Wire handshake() {
    Wire wire = new Wire();
    wire.out.write(3);
    wire.out.writeBytes(new byte[2 * ServerHandshake.PART_BYTES]);
    return wire;
  }

  /** Handshake, connect, createStream and publish, all at once. */
  static Wire publishing() {
    return handshake()
        .command(0, "connect", 1, Map.of("app", "live"))
        .command(0, "createStream", 2, null)
        .command(1, "publish", 3, null, "one", "live");
  }

  Wire raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  Wire raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  Wire u16(int value) {
    return raw(value >>> 8, value);
  }

  Wire u24(int value) {
    return raw(value >>> 16, value >>> 8, value);
  }

  Wire u32(long value) {
    return raw((int) (value >>> 24), (int) (value >>> 16), (int) (value >>> 8), (int) value);
  }

  /** A type 0 header; 0xFFFFFF as time announces an extended one. */
  Wire type0(int csid, int time, int length, int typeId, int streamId) {
    return raw(csid).u24(time).u24(length).raw(typeId).raw(streamId, 0, 0, 0);
  }

  Wire type1(int csid, int delta, int length, int typeId) {
    return raw(0x40 | csid).u24(delta).u24(length).raw(typeId);
  }

  Wire type2(int csid, int delta) {
    return raw(0x80 | csid).u24(delta);
  }

  Wire type3(int csid) {
    return raw(0xC0 | csid);
  }

  Wire control(int typeId, long value) {
    return type0(2, 0, 4, typeId, 0).u32(value);
  }

  Wire command(int streamId, Object... values) {
    return message(20, streamId, Amf0Writer.bytes(values));
  }

  /** A whole message in chunks of 128 bytes. */
  Wire message(int typeId, int streamId, byte[] payload) {
    ByteBuffer bytes = new ChunkWriter().write(3, typeId, streamId, 0, ByteBuffer.wrap(payload));
    return raw(bytes.array());
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
