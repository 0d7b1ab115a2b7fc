package io.millrace.media;

import java.util.List;

/**
 * One finished segment of one rendition on its way to the store.
 *
 * @param rendition name of the rendition, {@code source}, {@code 720p}, {@code audio}, ...
 * @param epoch incarnation of the owner that made it
 * @param ref how playlists know it
 * @param capturedAtNanos monotonic time at which the last source frame of this span was received;
 *     finish time − this is the rung's lag
 * @param bytes fMP4 fragment(s), empty for a gap
 * @param parts the parts whose bytes, one after the other, are {@code bytes}; empty when it has
 *     none: low latency is off, a gap, a segment that was in flight when its owner or worker was
 *     lost
 */
public record MediaSegment(
    String rendition,
    long epoch,
    SegmentRef ref,
    long capturedAtNanos,
    byte[] bytes,
    List<PartRef> parts) {

  public MediaSegment {
    parts = List.copyOf(parts);
  }

  /** A segment without parts. */
  public MediaSegment(
      String rendition, long epoch, SegmentRef ref, long capturedAtNanos, byte[] bytes) {
    this(rendition, epoch, ref, capturedAtNanos, bytes, List.of());
  }
}
