package io.millrace.media;

/**
 * One finished segment of one rendition on its way to the store.
 *
 * @param rendition name of the rendition, {@code source}, {@code 720p}, {@code audio}, ...
 * @param epoch incarnation of the owner that made it
 * @param ref how playlists know it
 * @param capturedAtNanos monotonic time at which the last source frame of this span was received;
 *     finish time − this is the rung's lag
 * @param bytes fMP4 fragment(s), empty for a gap
 */
public record MediaSegment(
    String rendition, long epoch, SegmentRef ref, long capturedAtNanos, byte[] bytes) {}
