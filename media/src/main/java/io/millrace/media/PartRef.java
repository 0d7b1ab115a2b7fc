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
 * @param bytes size of the object; 0: there is none (GAP=YES)
 */
public record PartRef(
    long msn,
    int index,
    String name,
    long durationTicks,
    int timescale,
    boolean independent,
    int bytes) {

  /** It will not come. */
  public boolean gap() {
    return bytes == 0;
  }

  public double durationSeconds() {
    return (double) durationTicks / timescale;
  }

  /** A part of the same segment that will not come. */
  public PartRef gapAt(int gapIndex, long ticks) {
    String prefix = name.substring(0, name.indexOf('.') + 1);
    return new PartRef(msn, gapIndex, prefix + gapIndex + ".m4s", ticks, timescale, false, 0);
  }

  /** The name of a part that may not exist yet. */
  public static String name(long epoch, long msn, int index) {
    return epoch + "-" + msn + "." + index + ".m4s";
  }
}
