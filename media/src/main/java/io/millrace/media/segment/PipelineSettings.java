package io.millrace.media.segment;

import io.millrace.media.ladder.LadderSettings;
import java.time.Duration;

/**
 * How a stream is cut, transcoded and relieved.
 *
 * @param targetDurationSeconds wanted segment length, s; EXT-X-TARGETDURATION unless the first GOP
 *     is longer
 * @param maxSegmentSeconds longest first GOP that may set the target duration, s
 * @param ladder rungs to make; {@link LadderSettings#off()} for passthrough only
 * @param cutByEncoder an encoder may be used for sources with long keyframe intervals
 * @param audioBitrateBps AAC bit rate of transcoded audio, bit/s
 * @param lagLimit a rung's segment that is later than this becomes a gap
 * @param shedding when load is shed and taken back
 * @param partDuration wanted length of parts; zero: segments have none
 */
public record PipelineSettings(
    int targetDurationSeconds,
    int maxSegmentSeconds,
    LadderSettings ladder,
    boolean cutByEncoder,
    int audioBitrateBps,
    Duration lagLimit,
    SheddingSettings shedding,
    Duration partDuration) {

  public PipelineSettings {
    require(
        targetDurationSeconds >= 1 && targetDurationSeconds <= 10,
        "targetDurationSeconds",
        targetDurationSeconds,
        "1 to 10");
    require(
        maxSegmentSeconds >= targetDurationSeconds && maxSegmentSeconds <= 10,
        "maxSegmentSeconds",
        maxSegmentSeconds,
        "targetDurationSeconds to 10");
    require(
        audioBitrateBps >= 16_000 && audioBitrateBps <= 512_000,
        "audioBitrateBps",
        audioBitrateBps,
        "16000 to 512000");
    require(
        lagLimit.toSeconds() >= 2L * targetDurationSeconds,
        "lagLimit",
        lagLimit,
        "at least two target durations");
    require(
        partDuration.isZero()
            || (partDuration.toMillis() >= 200 && partDuration.toMillis() <= 2_000),
        "partDuration",
        partDuration,
        "200 ms to 2 s, or zero");
  }

  /**
   * Media sequence number of a stream's first segment. With parts it is 1: hls.js (1.4) takes a
   * playlist that ends with segment 0 for an empty one and does not ask for the next part.
   */
  public long firstMsn() {
    return partDuration.isZero() ? 0 : 1;
  }

  static void require(boolean holds, String field, Object actual, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(field + ": " + actual + " (expected: " + rule + ")");
    }
  }
}
