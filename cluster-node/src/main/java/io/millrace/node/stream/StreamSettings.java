package io.millrace.node.stream;

import io.millrace.media.hls.WindowSettings;
import io.millrace.media.segment.PipelineSettings;
import java.time.Duration;

/**
 * Life of a stream on its owner.
 *
 * @param reconnectGrace how long a publisher that dropped may stay away
 * @param retention how long an ended stream stays fetchable
 * @param secondPublisher what happens to a second publisher on a live key
 * @param transcodeCores cores that all workers of the node may take together
 * @param thumbnailInterval time between two thumbnails
 * @param storeDoubt time without an answer of the store after which segments are listed from
 *     memory; with parts they may be listed sooner
 */
public record StreamSettings(
    Duration reconnectGrace,
    Duration retention,
    SecondPublisher secondPublisher,
    double transcodeCores,
    Duration thumbnailInterval,
    Duration storeDoubt,
    WindowSettings window,
    PipelineSettings pipeline) {

  /** A restarted node gives the publisher at least this long from then on. */
  static final Duration RESTART_GRACE = Duration.ofSeconds(5);

  /** How long a stream whose owner or way changed waits for the relay that goes on. */
  static final Duration RELAY_WAIT = Duration.ofSeconds(15);

  /** How long a new owner lets new publishers wait for the relay of the last session to ask. */
  static final Duration TAIL_WAIT = Duration.ofSeconds(1);

  /** The same for the end of that session, once its relay is there. */
  static final Duration TAIL_LIMIT = Duration.ofSeconds(3);

  /** A take-over this soon after the last needs a silent incumbent. */
  static final Duration PING_PONG = Duration.ofSeconds(10);

  /** A claimed stream whose first publish does not come true is forgotten after this. */
  static final Duration FIRST_PUBLISH = Duration.ofSeconds(10);

  /** What is left of a stream whose retention is over is deleted again after this. */
  static final Duration FORGET_RETRY = Duration.ofSeconds(10);

  /** Silence of an incumbent that counts. */
  static final Duration INCUMBENT_SILENCE = Duration.ofSeconds(2);

  /** What happens to a second publisher on a live key. */
  public enum SecondPublisher {
    TAKE_OVER,
    REJECT
  }

  public StreamSettings {
    positive("reconnectGrace", reconnectGrace);
    positive("retention", retention);
    positive("thumbnailInterval", thumbnailInterval);
    positive("storeDoubt", storeDoubt);
    if (transcodeCores < 0) {
      throw new IllegalArgumentException(
          "transcodeCores: " + transcodeCores + " (expected: 0 or more)");
    }
  }

  private static void positive(String field, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: more than 0)");
    }
  }
}
