package io.millrace.media;

/**
 * What a playlist and the durable state know of one segment of one rendition; the bytes live in the
 * segment store.
 *
 * @param msn media sequence number; the same number is the same time span in every rendition
 * @param name URI below the rendition, {@code <epoch>-<msn>.m4s}; never changes content
 * @param initName URI of the EXT-X-MAP, {@code init-<hash>.mp4}; empty for a gap before there is
 *     any
 * @param startTicks {@code tfdt} of the first sample, in {@code timescale}
 * @param durationTicks exact sum of the sample durations, in {@code timescale}
 * @param timescale ticks per second: 90000 for video, the sample rate for audio
 * @param discontinuity an EXT-X-DISCONTINUITY stands before this segment (in every rendition)
 * @param gap the media is missing (EXT-X-GAP); its URI answers 404
 * @param programDateTimeMs wall-clock time of the first sample by the media timeline, Unix ms
 * @param sizeBytes size of the object, 0 for a gap
 */
public record SegmentRef(
    long msn,
    String name,
    String initName,
    long startTicks,
    long durationTicks,
    int timescale,
    boolean discontinuity,
    boolean gap,
    long programDateTimeMs,
    int sizeBytes) {

  public double durationSeconds() {
    return (double) durationTicks / timescale;
  }
}
