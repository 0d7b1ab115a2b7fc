package io.millrace.protocol.relay;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Bytes to values, in pieces of any size. A payload is copied once, into its own array. One
 * instance per connection, one thread at a time.
 */
public final class RelayReader {

  /** Takes each frame in turn. */
  public interface Sink {
    /**
     * @throws RelayException if the frame has no place here; the connection is lost
     */
    void accept(RelayMessage message) throws RelayException;
  }

  private static final byte[] NO_BYTES = {};

  private final ByteBuffer head = ByteBuffer.allocate(RelayLimits.MAX_CONTROL);
  private byte[] payload = NO_BYTES;
  private int payloadFilled;
  private int type = -1;
  private boolean authenticated;

  public RelayReader() {
    head.limit(FrameType.PREFIX_BYTES);
  }

  /** Units are taken from now on; before, a frame is at most a control frame long. */
  public void authenticated() {
    authenticated = true;
  }

  /**
   * Takes all of {@code in} and hands on every frame that is complete.
   *
   * @throws RelayException on the first frame that breaks the protocol
   */
  public void read(ByteBuffer in, Sink sink) throws RelayException {
    while (in.hasRemaining()) {
      if (head.hasRemaining()) {
        fillHead(in);
      } else {
        fillPayload(in);
      }
      if (!head.hasRemaining() && type < 0) {
        begin();
      }
      if (!head.hasRemaining() && type >= 0 && payloadFilled == payload.length) {
        sink.accept(complete());
      }
    }
  }

  private void fillHead(ByteBuffer in) {
    int count = Math.min(in.remaining(), head.remaining());
    head.put(head.position(), in, in.position(), count).position(head.position() + count);
    in.position(in.position() + count);
  }

  private void fillPayload(ByteBuffer in) {
    int count = Math.min(in.remaining(), payload.length - payloadFilled);
    in.get(payload, payloadFilled, count);
    payloadFilled += count;
  }

  /** Length and type are there: decides what else the frame is made of. */
  private void begin() throws RelayException {
    long length = Integer.toUnsignedLong(head.getInt(0)) - 1;
    type = head.get(4) & 0xFF;
    boolean unit = type == FrameType.UNIT && authenticated;
    long min = unit ? FrameType.UNIT_HEAD_BYTES : 0;
    long max =
        unit
            ? FrameType.UNIT_HEAD_BYTES + RelayLimits.MAX_PAYLOAD
            : RelayLimits.MAX_CONTROL - FrameType.PREFIX_BYTES;
    if (length < min || length > max) {
      throw new RelayException(
          "length of frame " + type + ": " + length + " (expected: " + min + " to " + max + ")");
    }
    int headBytes = (int) (unit ? min : length);
    head.limit(FrameType.PREFIX_BYTES + headBytes);
    int payloadBytes = (int) length - headBytes;
    payload = payloadBytes == 0 ? NO_BYTES : new byte[payloadBytes];
    payloadFilled = 0;
  }

  private RelayMessage complete() throws RelayException {
    RelayMessage message = decode(head.position(FrameType.PREFIX_BYTES));
    if (head.hasRemaining()) {
      throw new RelayException(
          "length of frame " + type + ": " + head.remaining() + " too many (expected: its fields)");
    }
    type = -1;
    payload = NO_BYTES;
    payloadFilled = 0;
    head.clear().limit(FrameType.PREFIX_BYTES);
    return message;
  }

  private RelayMessage decode(ByteBuffer in) throws RelayException {
    try {
      return type < FrameType.UNIT ? opening(in) : inSession(in);
    } catch (BufferUnderflowException e) {
      throw new RelayException("length of frame " + type + ": too short (expected: its fields)");
    }
  }

  private RelayMessage opening(ByteBuffer in) throws RelayException {
    return switch (type) {
      case FrameType.HELLO -> hello(in);
      case FrameType.CHALLENGE -> challenge(in);
      case FrameType.PROOF -> new RelayMessage.Proof(key(in));
      case FrameType.WELCOME -> new RelayMessage.Welcome();
      case FrameType.REFUSED -> new RelayMessage.Refused(string(in));
      default -> throw unknown();
    };
  }

  private static RelayMessage hello(ByteBuffer in) throws RelayException {
    magic(in);
    return new RelayMessage.Hello(key(in), string(in), string(in), in.getLong(), in.getLong());
  }

  private static RelayMessage challenge(ByteBuffer in) throws RelayException {
    magic(in);
    return new RelayMessage.Challenge(key(in), string(in), key(in));
  }

  private RelayMessage inSession(ByteBuffer in) throws RelayException {
    long epoch = in.getLong();
    long session = in.getLong();
    return switch (type) {
      case FrameType.UNIT -> unit(in, epoch, session);
      case FrameType.DROPPED ->
          new RelayMessage.Dropped(epoch, session, in.getLong(), in.getLong());
      case FrameType.DECLARED_BITRATE ->
          new RelayMessage.DeclaredBitrate(epoch, session, in.getLong());
      case FrameType.END -> new RelayMessage.End(epoch, session, in.get() != 0);
      case FrameType.HEARTBEAT -> new RelayMessage.Heartbeat(epoch, session);
      case FrameType.ACKNOWLEDGED -> new RelayMessage.Acknowledged(epoch, session, in.getLong());
      case FrameType.ENDED -> new RelayMessage.Ended(epoch, session, in.get() & 0xFF, string(in));
      case FrameType.MOVED -> new RelayMessage.Moved(epoch, session);
      default -> throw unknown();
    };
  }

  private RelayMessage unit(ByteBuffer in, long epoch, long session) {
    return new RelayMessage.Unit(
        epoch,
        session,
        in.getLong(),
        in.get() & 0xFF,
        in.get() & 0xFF,
        in.getInt(),
        in.getLong(),
        in.getInt(),
        payload);
  }

  private RelayException unknown() {
    return new RelayException("type of frame: " + type + " (expected: a known one)");
  }

  private static void magic(ByteBuffer in) throws RelayException {
    int magic = in.getInt();
    if (magic != FrameType.MAGIC) {
      throw new RelayException(
          "protocol: 0x"
              + Integer.toHexString(magic)
              + " (expected: 0x"
              + Integer.toHexString(FrameType.MAGIC)
              + ")");
    }
  }

  private static byte[] key(ByteBuffer in) {
    byte[] key = new byte[RelayLimits.KEY_BYTES];
    in.get(key);
    return key;
  }

  private static String string(ByteBuffer in) {
    byte[] bytes = new byte[in.get() & 0xFF];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
