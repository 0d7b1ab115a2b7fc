package io.millrace.media.segment;

import java.util.List;
import java.util.Map;

/**
 * A snapshot for API and metrics. Null or 0 where not known (yet).
 *
 * @param session publisher lease
 * @param live a publisher's session is open
 * @param cut {@code source}, {@code encoder}, {@code time} (audio only) or {@code starting}
 * @param costCores estimated cores that this stream's transcoding takes
 * @param worker {@code none}, {@code wanted}, {@code running}
 * @param backlog90k media that waits before and inside the worker, 90 kHz ticks
 * @param counters monotonic counters by dotted name, e.g. {@code timeline.rebased}
 */
public record PipelineStatus(
    long session,
    boolean live,
    String cut,
    double costCores,
    String worker,
    long backlog90k,
    Video video,
    Audio audio,
    List<RenditionStatus> renditions,
    Map<String, Long> counters) {

  public record Video(
      String codec,
      String codecs,
      int width,
      int height,
      double frameRate,
      double keyframeIntervalSeconds,
      long bitrateBps) {}

  public record Audio(String codec, String codecs, int sampleRate, int channels, long bitrateBps) {}

  /**
   * @param kind {@code source}, {@code rung} or {@code audio}
   * @param state {@code starting}, {@code active}, {@code thinned} or {@code suspended}
   * @param nextMsn media sequence number of the segment that comes next
   * @param lagMillis finished − captured of the newest segment
   * @param droppedFrames frames left out because of load
   * @param gapSegments segments that were listed as gaps
   * @param suspendedSinceNanos monotonic time of the suspension, 0 when not suspended
   */
  public record RenditionStatus(
      String name,
      String kind,
      String state,
      long nextMsn,
      long lagMillis,
      long droppedFrames,
      long gapSegments,
      long suspendedSinceNanos) {}
}
