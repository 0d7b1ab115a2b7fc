package io.millrace.media;

/**
 * What a playlist knows of one part (RFC 8216bis: Partial Segment) of a segment; the bytes live in
 * memory only, nothing of it is persisted.
 *
 * @param msn media sequence number of the segment that it is part of
 * @param index within the segment, from 0; the same index is the same time span in every rendition
 * @param name URI below the rendition, {@code <epoch>-<msn>.<index>.m4s}; never changes content
 * @param durationTicks exact sum of the sample durations, in {@code timescale}
 * @param timescale ticks per second: 90000 for video, the sample rate for audio
 * @param independent starts with an IDR (INDEPENDENT=YES); always true for audio
 * @param bytes size of the object
 */
public record PartRef(
    long msn,
    int index,
    String name,
    long durationTicks,
    int timescale,
    boolean independent,
    int bytes) {

  public double durationSeconds() {
    return (double) durationTicks / timescale;
  }

  /** The name of a part that may not exist yet. */
  public static String name(long epoch, long msn, int index) {
    return epoch + "-" + msn + "." + index + ".m4s";
  }
}
