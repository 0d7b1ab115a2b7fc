package io.millrace.testkit.fmp4;

import java.util.List;

/**
 * One {@code moof} with its {@code mdat}.
 *
 * @param sequenceNumber {@code mfhd}, unsigned 32 bits
 * @param baseDecodeTime {@code tfdt}
 */
public record Fmp4Fragment(long sequenceNumber, long baseDecodeTime, List<Fmp4Sample> samples) {
  public Fmp4Fragment {
    samples = List.copyOf(samples);
  }

  public long durationTicks() {
    return samples.stream().mapToLong(Fmp4Sample::durationTicks).sum();
  }

  /** Lowest PTS of the fragment. */
  public long firstPts() {
    return samples.stream().mapToLong(Fmp4Sample::pts).min().orElse(baseDecodeTime);
  }
}
