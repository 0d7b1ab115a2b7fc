package io.millrace.protocol.flv;

import java.nio.ByteBuffer;

/** Writes FLV files: {@link #header} once, then {@link #tag} for each tag. */
public final class FlvWriter {
  private static final int TAG_HEADER_BYTES = 11;
  private static final int MAX_BODY_BYTES = 0xFFFFFF;

  private FlvWriter() {}

  /** The file header and the first back pointer. */
  public static ByteBuffer header(boolean audio, boolean video) {
    return ByteBuffer.allocate(13)
        .put(new byte[] {'F', 'L', 'V', 1, (byte) ((audio ? 4 : 0) | (video ? 1 : 0))})
        .putInt(9)
        .putInt(0)
        .flip();
  }

  /**
   * One tag with its back pointer.
   *
   * @throws IllegalArgumentException when the body is larger than 2^24 − 1 bytes
   */
  public static ByteBuffer tag(FlvTag tag) {
    int size = tag.body().length;
    if (size > MAX_BODY_BYTES) {
      throw new IllegalArgumentException(
          "body: " + size + " bytes (expected: at most " + MAX_BODY_BYTES + ")");
    }
    int timestamp = (int) tag.timestampMs();
    return ByteBuffer.allocate(TAG_HEADER_BYTES + size + 4)
        .putInt(tag.type() << 24 | size)
        .putInt(timestamp << 8 | timestamp >>> 24)
        .put(new byte[3]) // stream id
        .put(tag.body())
        .putInt(TAG_HEADER_BYTES + size)
        .flip();
  }
}
