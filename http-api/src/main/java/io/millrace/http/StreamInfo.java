package io.millrace.http;

import java.time.Instant;
import java.util.List;

/**
 * One stream as the API shows it. Null means not known (yet); absent from the JSON then. Numbers
 * that are not known are 0.
 *
 * @param state {@code live}, {@code reconnecting} or {@code ended}
 * @param owner node that owns the stream
 * @param epoch incarnation of the owner
 * @param session publisher lease
 * @param reconnectDeadline when a reconnecting stream ends
 * @param cut what ends segments: {@code source} (the publisher's keyframes), {@code encoder},
 *     {@code time} (sound only), or {@code starting} while that is not known
 * @param notices newest first, at most 20
 */
public record StreamInfo(
    String id,
    String state,
    Instant startedAt,
    Instant reconnectDeadline,
    String owner,
    long epoch,
    long session,
    int viewers,
    String cut,
    VideoInfo video,
    AudioInfo audio,
    List<RenditionInfo> renditions,
    List<Notice> notices) {

  /**
   * @param keyframeIntervalSeconds last distance between two IDRs of the source
   * @param bitrateBps measured over the last seconds
   */
  public record VideoInfo(
      String codec,
      String codecs,
      int width,
      int height,
      double frameRate,
      double keyframeIntervalSeconds,
      long bitrateBps) {}

  public record AudioInfo(
      String codec, String codecs, int sampleRate, int channels, long bitrateBps) {}

  /**
   * @param state {@code active}, {@code thinned}, {@code suspended} or {@code starting}
   * @param mediaSequence number of the segment that comes next
   * @param lagMillis segment finished − segment captured, of the newest segment
   * @param droppedFrames frames not encoded because of load
   * @param gapSegments segments listed as EXT-X-GAP
   */
  public record RenditionInfo(
      String name,
      String kind,
      String state,
      String codecs,
      int width,
      int height,
      double frameRate,
      long bandwidthBps,
      long mediaSequence,
      long lagMillis,
      long droppedFrames,
      long gapSegments) {}

  /** Something a person should know, e.g. why the stream is cut by the encoder. */
  public record Notice(Instant at, String code, String text) {}
}
