package io.millrace.media.publish;

import io.millrace.protocol.flv.FlvException;
import io.millrace.protocol.flv.FlvReader;
import io.millrace.protocol.flv.FlvTag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Tags of an FLV stream, from its first to its last complete one; a truncated end is an end. Holds
 * at most one tag's bytes and what was read with it.
 */
public final class FlvTagSource implements TagSource {
  private static final int INITIAL_BUFFER_BYTES = 1 << 17;

  private final InputStream in;
  private final FlvReader reader = new FlvReader();
  private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_BUFFER_BYTES).limit(0);

  /** Closes {@code in} when it is closed itself. */
  public FlvTagSource(InputStream in) {
    this.in = in;
  }

  @Override
  public Optional<PublishTag> next() throws IOException {
    try {
      Optional<FlvTag> tag = reader.next(buffer);
      while (tag.isEmpty() && readMore()) {
        tag = reader.next(buffer);
      }
      return tag.map(FlvTagSource::toPublish);
    } catch (FlvException e) {
      throw new IOException("input: not FLV (" + e.getMessage() + ")", e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** False at the end of the input. A buffer that one tag fills grows with the bytes that came. */
  private boolean readMore() throws IOException {
    if (buffer.remaining() == buffer.capacity()) {
      buffer = ByteBuffer.allocate(buffer.capacity() * 2).put(buffer).flip();
    } else if (buffer.limit() == buffer.capacity()) {
      buffer.compact().flip();
    }
    int end = buffer.limit();
    int count = in.read(buffer.array(), end, buffer.capacity() - end);
    if (count > 0) {
      buffer.limit(end + count);
    }
    return count >= 0;
  }

  private static PublishTag toPublish(FlvTag tag) {
    PublishTag.Type type =
        switch (tag.type()) {
          case FlvTag.AUDIO -> PublishTag.Type.AUDIO;
          case FlvTag.VIDEO -> PublishTag.Type.VIDEO;
          default -> PublishTag.Type.SCRIPT;
        };
    return new PublishTag(type, tag.timestampMs(), tag.body());
  }
}
