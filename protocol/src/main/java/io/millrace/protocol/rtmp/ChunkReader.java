package io.millrace.protocol.rtmp;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns the bytes after the handshake into messages. SetChunkSize and Abort are obeyed here; every
 * other message goes to the sink. Memory grows with the bytes that arrived, never with a declared
 * length. Source: RTMP 1.0 §5.3, §5.4.
 */
final class ChunkReader {
  /** Takes whole messages. */
  interface Sink {
    /**
     * @param timestampMs absolute, 0 to 2^32 − 1
     * @param payload valid during the call only
     */
    void onMessage(int typeId, int streamId, long timestampMs, ByteBuffer payload)
        throws RtmpException;

    /** False to leave the rest of the input unread for now; asked before each chunk. */
    boolean accepting();
  }

  private static final int MAX_HEADER_BYTES = 3 + 11 + 4;
  private static final int MORE = -1;
  private static final int EXTENDED = 0xFFFFFF;
  private static final int CONTROL_CHUNK_STREAM = 2;
  private static final int[] FIXED_BYTES = {11, 7, 3, 0};

  private final RtmpLimits limits;
  private final Map<Integer, ChunkStream> streams = new HashMap<>();
  private final ChunkStream[] low = new ChunkStream[64];

  /** The start of a header that the last input cut off. */
  private final ByteBuffer carry = ByteBuffer.allocate(4 * MAX_HEADER_BYTES);

  private int carried;

  private int chunkSize = 128;
  private int heldBytes;
  private ChunkStream current;
  private int chunkLeft;

  ChunkReader(RtmpLimits limits) {
    this.limits = limits;
  }

  /** Memory held for messages, bytes. */
  int heldBytes() {
    return heldBytes;
  }

  /** Consumes the input, except what follows once the sink stops accepting. */
  void read(ByteBuffer in, Sink sink) throws RtmpException {
    if (carried > 0 && !readCarried(in, sink)) {
      return;
    }
    if (drive(in, in.limit(), sink)) {
      carried = in.remaining();
      in.get(carry.array(), 0, carried);
    }
  }

  /** Reads on from the bytes kept of the last input; false when they do not suffice yet. */
  private boolean readCarried(ByteBuffer in, Sink sink) throws RtmpException {
    int added = Math.min(carry.capacity() - carried, in.remaining());
    carry.clear().put(carried, in, in.position(), added).limit(carried + added);
    boolean accepting = drive(carry, carried, sink);
    int read = carry.position();
    if (read >= carried) {
      in.position(in.position() + read - carried);
      carried = 0;
      return true;
    }
    int kept = accepting ? carry.limit() - read : carried - read;
    System.arraycopy(carry.array(), read, carry.array(), 0, kept);
    in.position(in.position() + (accepting ? added : 0));
    carried = kept;
    return false;
  }

  /**
   * Reads chunks that begin before {@code until}.
   *
   * @return true when all was read but for an incomplete header, false when the sink stopped
   */
  private boolean drive(ByteBuffer in, int until, Sink sink) throws RtmpException {
    while (current != null || in.position() < until) {
      if (current == null) {
        if (!sink.accepting()) {
          return false;
        }
        int bytes = parseHeader(in, in.position(), in.limit());
        if (bytes == MORE) {
          return true;
        }
        in.position(in.position() + bytes);
      }
      readPayload(in);
      if (chunkLeft > 0) {
        return true;
      }
      ChunkStream done = current;
      current = null;
      if (done.complete()) {
        deliver(done, sink);
      }
    }
    return true;
  }

  private void readPayload(ByteBuffer in) throws RtmpException {
    int count = Math.min(chunkLeft, in.remaining());
    if (count > 0) {
      reserve(current.growth(count));
      current.append(in, count);
      chunkLeft -= count;
    }
  }

  private void reserve(int bytes) throws RtmpException {
    heldBytes += bytes;
    if (heldBytes > limits.maxPartialBytes()) {
      for (ChunkStream stream : streams.values()) {
        heldBytes -= stream.open ? 0 : stream.release();
      }
    }
    if (heldBytes > limits.maxPartialBytes()) {
      throw RtmpException.limit(
          "partial messages: "
              + heldBytes
              + " bytes (expected: at most "
              + limits.maxPartialBytes()
              + ")");
    }
  }

  private void deliver(ChunkStream stream, Sink sink) throws RtmpException {
    ByteBuffer payload = stream.payload();
    stream.open = false;
    try {
      switch (stream.typeId) {
        case MessageType.SET_CHUNK_SIZE -> setChunkSize(payload);
        case MessageType.ABORT -> abort(payload);
        default ->
            sink.onMessage(stream.typeId, stream.streamId, stream.timestamp & 0xFFFFFFFFL, payload);
      }
    } finally {
      heldBytes -= stream.reset();
    }
  }

  private void setChunkSize(ByteBuffer payload) throws RtmpException {
    int size = payload.remaining() >= 4 ? payload.getInt() : 0;
    if (size < 1) {
      throw RtmpException.malformed(
          "SetChunkSize: " + (size & 0xFFFFFFFFL) + " (expected: 1 to 2147483647)");
    }
    chunkSize = size;
  }

  private void abort(ByteBuffer payload) {
    ChunkStream stream = payload.remaining() >= 4 ? streams.get(payload.getInt()) : null;
    if (stream != null && stream.open) {
      heldBytes -= stream.reset();
    }
  }

  /** Parses basic header, message header and extended timestamp; changes nothing on MORE. */
  private int parseHeader(ByteBuffer b, int start, int end) throws RtmpException {
    if (start == end) {
      return MORE;
    }
    int first = b.get(start) & 0xFF;
    int format = first >> 6;
    int id = first & 0x3F;
    int at = start + 1;
    if (id < 2) {
      int extra = id + 1;
      if (end - at < extra) {
        return MORE;
      }
      id = 64 + (b.get(at) & 0xFF) + (extra == 2 ? (b.get(at + 1) & 0xFF) << 8 : 0);
      at += extra;
    }
    ChunkStream known = find(id);
    if (known == null && format != 0 && !(format == 1 && id == CONTROL_CHUNK_STREAM)) {
      // librtmp opens the control chunk stream with type 1.
      throw RtmpException.malformed(
          "chunk type: " + format + " on chunk stream " + id + ", no previous header");
    }
    int fixed = FIXED_BYTES[format];
    if (end - at < fixed) {
      return MORE;
    }
    int field = format < 3 ? u24(b, at) : known.field;
    boolean extended = format < 3 ? field == EXTENDED : known.extended;
    int next = at + fixed;
    if (extended) {
      int bytes = format < 3 ? (end - next < 4 ? MORE : 4) : repeated(b, next, end, field);
      if (bytes == MORE) {
        return MORE;
      }
      field = format < 3 ? i32(b, next) : field;
      next += bytes;
    }
    ChunkStream stream = known == null ? add(id) : known;
    begin(stream, format, field, b, at);
    stream.extended = extended;
    current = stream;
    chunkLeft = Math.min(chunkSize, stream.missing());
    return next - start;
  }

  /**
   * Whether a type 3 chunk repeats the extended timestamp: the specification says yes, some
   * encoders do not, so the bytes decide. Returns 4, 0 or MORE.
   */
  private static int repeated(ByteBuffer b, int at, int end, int expected) {
    int there = Math.min(4, end - at);
    for (int i = 0; i < there; i++) {
      if (b.get(at + i) != (byte) (expected >>> (24 - 8 * i))) {
        return 0;
      }
    }
    return there == 4 ? 4 : MORE;
  }

  private void begin(ChunkStream stream, int format, int field, ByteBuffer b, int at)
      throws RtmpException {
    int length = format < 2 ? u24(b, at + 3) : stream.length;
    if (stream.open) {
      if (length != stream.length) {
        throw RtmpException.malformed(
            "message length: "
                + length
                + " (expected: "
                + stream.length
                + " until it is complete)");
      }
      return;
    }
    int typeId = format < 2 ? b.get(at + 6) & 0xFF : stream.typeId;
    if (length > limits.maxBytes(typeId)) {
      throw RtmpException.limit(
          "message length: "
              + length
              + " of type "
              + typeId
              + " (expected: at most "
              + limits.maxBytes(typeId)
              + ")");
    }
    stream.timestamp = format == 0 ? field : stream.timestamp + field;
    stream.field = field;
    stream.length = length;
    stream.typeId = typeId;
    if (format == 0) {
      stream.streamId = Integer.reverseBytes(i32(b, at + 7));
    }
    stream.open = true;
  }

  private ChunkStream find(int id) {
    return id < low.length ? low[id] : streams.get(id);
  }

  private ChunkStream add(int id) throws RtmpException {
    if (streams.size() >= limits.maxChunkStreams()) {
      throw RtmpException.limit(
          "chunk streams: more than " + limits.maxChunkStreams() + " (expected: at most that)");
    }
    ChunkStream stream = new ChunkStream();
    streams.put(id, stream);
    if (id < low.length) {
      low[id] = stream;
    }
    return stream;
  }

  private static int u24(ByteBuffer b, int at) {
    return (b.get(at) & 0xFF) << 16 | (b.get(at + 1) & 0xFF) << 8 | (b.get(at + 2) & 0xFF);
  }

  private static int i32(ByteBuffer b, int at) {
    return u24(b, at) << 8 | (b.get(at + 3) & 0xFF);
  }
}
