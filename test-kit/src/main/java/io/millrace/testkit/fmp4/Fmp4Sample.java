package io.millrace.testkit.fmp4;

/**
 * One sample of a fragment, times in ticks of the track.
 *
 * @param dts decode time
 * @param compositionOffset PTS − DTS, signed
 * @param sync sample_is_non_sync_sample is not set
 */
public record Fmp4Sample(
    long dts, int durationTicks, int compositionOffset, boolean sync, byte[] data) {
  public long pts() {
    return dts + compositionOffset;
  }
}
