package io.millrace.media.publish;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** Tags and sources for tests. */
final class Tags {
  private Tags() {}

  static PublishTag key(long timestampMs) {
    return video(timestampMs, 0x17, 1, 0, 0, 0);
  }

  static PublishTag inter(long timestampMs) {
    return video(timestampMs, 0x27, 1, 0, 0, 0);
  }

  static PublishTag videoConfig() {
    return video(0, 0x17, 0, 0, 0, 0);
  }

  static PublishTag audioConfig() {
    return new PublishTag(PublishTag.Type.AUDIO, 0, new byte[] {(byte) 0xAF, 0, 0x11, (byte) 0x90});
  }

  static PublishTag audio(long timestampMs) {
    return new PublishTag(PublishTag.Type.AUDIO, timestampMs, new byte[] {(byte) 0xAF, 1, 9});
  }

  static PublishTag video(long timestampMs, int... body) {
    byte[] bytes = new byte[body.length];
    for (int i = 0; i < body.length; i++) {
      bytes[i] = (byte) body[i];
    }
    return new PublishTag(PublishTag.Type.VIDEO, timestampMs, bytes);
  }

  static TagSource source(List<PublishTag> tags) {
    Queue<PublishTag> left = new ArrayDeque<>(tags);
    return new TagSource() {
      @Override
      public Optional<PublishTag> next() {
        return Optional.ofNullable(left.poll());
      }

      @Override
      public void close() {
        left.clear();
      }
    };
  }
}
