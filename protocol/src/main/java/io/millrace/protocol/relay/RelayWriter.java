package io.millrace.protocol.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Values to bytes. Stateless. */
public final class RelayWriter {
  private RelayWriter() {}

  /**
   * The frame of a unit up to its payload, which follows on the wire as it is.
   *
   * @throws IllegalArgumentException if the payload is longer than {@link RelayLimits#MAX_PAYLOAD}
   */
  public static ByteBuffer head(RelayMessage.Unit unit) {
    int payload = unit.payload().length;
    if (payload > RelayLimits.MAX_PAYLOAD) {
      throw new IllegalArgumentException(
          "payload: " + payload + " bytes (expected: at most " + RelayLimits.MAX_PAYLOAD + ")");
    }
    ByteBuffer out =
        ByteBuffer.allocate(FrameType.PREFIX_BYTES + FrameType.UNIT_HEAD_BYTES)
            .putInt(1 + FrameType.UNIT_HEAD_BYTES + payload)
            .put((byte) FrameType.UNIT);
    session(out, unit)
        .putLong(unit.seq())
        .put((byte) unit.codec())
        .put((byte) unit.flags())
        .putInt(unit.generation())
        .putLong(unit.dtsMs())
        .putInt(unit.compositionOffsetMs());
    return out.flip();
  }

  /** The whole frame of anything but a unit. */
  public static ByteBuffer frame(RelayMessage message) {
    ByteBuffer out = ByteBuffer.allocate(4 + RelayLimits.MAX_CONTROL).position(4);
    if (message instanceof RelayMessage.InSession inSession) {
      putInSession(out, inSession);
    } else {
      putOpening(out, message);
    }
    out.putInt(0, out.position() - 4);
    return out.flip();
  }

  private static void putOpening(ByteBuffer out, RelayMessage message) {
    if (message instanceof RelayMessage.Hello hello) {
      out.put((byte) FrameType.HELLO).putInt(FrameType.MAGIC).put(hello.nonce());
      string(out, hello.node());
      string(out, hello.stream());
      out.putLong(hello.epoch()).putLong(hello.session());
    } else if (message instanceof RelayMessage.Challenge challenge) {
      out.put((byte) FrameType.CHALLENGE).putInt(FrameType.MAGIC).put(challenge.nonce());
      string(out, challenge.node());
      out.put(challenge.proof());
    } else if (message instanceof RelayMessage.Proof proof) {
      out.put((byte) FrameType.PROOF).put(proof.proof());
    } else if (message instanceof RelayMessage.Welcome) {
      out.put((byte) FrameType.WELCOME);
    } else {
      string(out.put((byte) FrameType.REFUSED), ((RelayMessage.Refused) message).text());
    }
  }

  private static void putInSession(ByteBuffer out, RelayMessage.InSession message) {
    if (message instanceof RelayMessage.Dropped dropped) {
      session(out.put((byte) FrameType.DROPPED), message)
          .putLong(dropped.fromSeq())
          .putLong(dropped.toSeq());
    } else if (message instanceof RelayMessage.DeclaredBitrate declared) {
      session(out.put((byte) FrameType.DECLARED_BITRATE), message)
          .putLong(declared.bitsPerSecond());
    } else if (message instanceof RelayMessage.End end) {
      session(out.put((byte) FrameType.END), message).put((byte) (end.clean() ? 1 : 0));
    } else if (message instanceof RelayMessage.Heartbeat) {
      session(out.put((byte) FrameType.HEARTBEAT), message);
    } else if (message instanceof RelayMessage.Acknowledged acknowledged) {
      session(out.put((byte) FrameType.ACKNOWLEDGED), message).putLong(acknowledged.seq());
    } else if (message instanceof RelayMessage.Ended ended) {
      session(out.put((byte) FrameType.ENDED), message).put((byte) ended.reason());
      string(out, ended.text());
    } else if (message instanceof RelayMessage.Moved) {
      session(out.put((byte) FrameType.MOVED), message);
    } else {
      throw new IllegalArgumentException("a unit is written by its head and its payload");
    }
  }

  private static ByteBuffer session(ByteBuffer out, RelayMessage.InSession message) {
    return out.putLong(message.epoch()).putLong(message.session());
  }

  private static void string(ByteBuffer out, String text) {
    byte[] bytes = utf8(text);
    out.put((byte) bytes.length).put(bytes);
  }

  /** UTF-8, cut at {@link RelayLimits#MAX_STRING}. */
  static byte[] utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= RelayLimits.MAX_STRING
        ? bytes
        : Arrays.copyOf(bytes, RelayLimits.MAX_STRING);
  }
}
