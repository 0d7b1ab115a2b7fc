package io.millrace.media.demux;

import io.millrace.media.codec.CodecLimits;
import java.util.Objects;

/**
 * Limits of one publisher's tags.
 *
 * @param codecLimits what configurations and access units may ask for
 * @param maxBadTagsPerSecond tags that had to be dropped as malformed, unknown or over a limit; one
 *     more closes the connection
 */
public record DemuxSettings(CodecLimits codecLimits, int maxBadTagsPerSecond) {
  public DemuxSettings {
    Objects.requireNonNull(codecLimits, "codecLimits");
    if (maxBadTagsPerSecond < 1) {
      throw new IllegalArgumentException(
          "maxBadTagsPerSecond: " + maxBadTagsPerSecond + " (expected: at least 1)");
    }
  }
}
