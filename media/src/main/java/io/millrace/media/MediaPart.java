package io.millrace.media;

/**
 * One whole part of one rendition on its way to the viewers.
 *
 * @param rendition name of the rendition, {@code source}, {@code 720p}, {@code audio}, ...
 * @param epoch incarnation of the owner that made it
 * @param parent what stands before the first part of its segment
 * @param last no part of its segment follows
 * @param capturedAtNanos monotonic time at which the last source frame of its span was received
 * @param bytes one fMP4 fragment
 */
public record MediaPart(
    String rendition,
    long epoch,
    PartRef ref,
    Parent parent,
    boolean last,
    long capturedAtNanos,
    byte[] bytes) {

  /**
   * The tags of the segment that a part belongs to, as its {@link SegmentRef} will have them.
   *
   * @param initName URI of the EXT-X-MAP
   * @param discontinuity an EXT-X-DISCONTINUITY stands before the segment
   * @param programDateTimeMs wall-clock time of its first sample, Unix ms
   */
  public record Parent(String initName, boolean discontinuity, long programDateTimeMs) {}
}
