package io.millrace.media.fmp4;

/**
 * One sample of a fragment.
 *
 * @param durationTicks in the track's timescale, greater than 0
 * @param compositionOffsetTicks PTS − DTS, signed ({@code trun} version 1)
 * @param sync sample is a sync sample
 * @param data the sample as stored in {@code mdat}
 */
public record Sample(int durationTicks, int compositionOffsetTicks, boolean sync, byte[] data) {}
