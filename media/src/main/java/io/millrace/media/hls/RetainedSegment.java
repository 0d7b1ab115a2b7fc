package io.millrace.media.hls;

import io.millrace.media.SegmentRef;

/**
 * A segment that has left the playlist and is still fetchable.
 *
 * @param ref the segment
 * @param holdMs how long it stays fetchable from its removal on: its own duration plus the longest
 *     playlist that listed it, ms (RFC 8216bis §6.2.2)
 */
public record RetainedSegment(SegmentRef ref, long holdMs) {}
