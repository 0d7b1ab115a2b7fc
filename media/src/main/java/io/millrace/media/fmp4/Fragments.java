package io.millrace.media.fmp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Movie fragments of one track: {@code moof} and {@code mdat}. What all samples share stands once
 * in {@code tfhd}; composition offsets are left out when all are 0. Source: ISO/IEC 14496-12 §8.8.
 */
public final class Fragments {
  private static final int TRACK_ID = 1;

  private static final int TFHD_DEFAULT_DURATION = 0x8;
  private static final int TFHD_DEFAULT_FLAGS = 0x20;
  private static final int TFHD_BASE_IS_MOOF = 0x20000;
  private static final int TRUN_DATA_OFFSET = 0x1;
  private static final int TRUN_FIRST_FLAGS = 0x4;
  private static final int TRUN_DURATION = 0x100;
  private static final int TRUN_SIZE = 0x200;
  private static final int TRUN_FLAGS = 0x400;
  private static final int TRUN_COMPOSITION = 0x800;

  /** sample_depends_on = 2: needs no other sample. */
  private static final int SYNC_FLAGS = 0x02000000;

  /** sample_depends_on = 1, sample_is_non_sync_sample. */
  private static final int NON_SYNC_FLAGS = 0x01010000;

  private Fragments() {}

  /**
   * @param sequenceNumber {@code mfhd}, the low 32 bits of the fragment's number + 1
   * @param baseDecodeTime {@code tfdt}, DTS of the first sample in the track's timescale
   * @param samples in decode order, at least one
   * @return the fragment, one array of exactly its size
   * @throws IllegalArgumentException when there is no sample, a duration is not positive, or the
   *     fragment would pass 2 GiB
   */
  public static byte[] write(int sequenceNumber, long baseDecodeTime, List<Sample> samples) {
    Layout layout = Layout.of(samples);
    ByteBuffer out = ByteBuffer.allocate(layout.totalBytes());
    box(out, layout.moofBytes(), "moof");
    box(out, 16, "mfhd");
    out.putInt(0).putInt(sequenceNumber);
    box(out, layout.trafBytes(), "traf");
    trackHeader(out, layout, samples.get(0));
    box(out, 20, "tfdt");
    out.putInt(1 << 24).putLong(baseDecodeTime);
    run(out, layout, samples);
    box(out, 8 + layout.mediaBytes(), "mdat");
    for (Sample sample : samples) {
      out.put(sample.data());
    }
    return out.array();
  }

  private static void trackHeader(ByteBuffer out, Layout layout, Sample first) {
    box(out, layout.tfhdBytes(), "tfhd");
    int flags = TFHD_BASE_IS_MOOF;
    flags |= layout.sameDuration() ? TFHD_DEFAULT_DURATION : 0;
    flags |= layout.flagsPerSample() ? 0 : TFHD_DEFAULT_FLAGS;
    out.putInt(flags).putInt(TRACK_ID);
    if (layout.sameDuration()) {
      out.putInt(first.durationTicks());
    }
    if (!layout.flagsPerSample()) {
      out.putInt(layout.syncAfterFirst() ? SYNC_FLAGS : NON_SYNC_FLAGS);
    }
  }

  private static void run(ByteBuffer out, Layout layout, List<Sample> samples) {
    box(out, layout.trunBytes(), "trun");
    int flags = TRUN_DATA_OFFSET | TRUN_SIZE;
    flags |= layout.firstFlags() ? TRUN_FIRST_FLAGS : 0;
    flags |= layout.sameDuration() ? 0 : TRUN_DURATION;
    flags |= layout.flagsPerSample() ? TRUN_FLAGS : 0;
    flags |= layout.composition() ? TRUN_COMPOSITION : 0;
    out.putInt(1 << 24 | flags);
    out.putInt(samples.size());
    out.putInt(layout.moofBytes() + 8);
    if (layout.firstFlags()) {
      out.putInt(flags(samples.get(0).sync()));
    }
    for (Sample sample : samples) {
      if (!layout.sameDuration()) {
        out.putInt(sample.durationTicks());
      }
      out.putInt(sample.data().length);
      if (layout.flagsPerSample()) {
        out.putInt(flags(sample.sync()));
      }
      if (layout.composition()) {
        out.putInt(sample.compositionOffsetTicks());
      }
    }
  }

  private static int flags(boolean sync) {
    return sync ? SYNC_FLAGS : NON_SYNC_FLAGS;
  }

  private static void box(ByteBuffer out, int size, String type) {
    out.putInt(size).put(type.getBytes(StandardCharsets.US_ASCII));
  }

  /** Which optional fields there are, and so every size. */
  private record Layout(
      int samples,
      int mediaBytes,
      boolean sameDuration,
      boolean composition,
      boolean firstFlags,
      boolean flagsPerSample,
      boolean syncAfterFirst) {

    static Layout of(List<Sample> samples) {
      if (samples.isEmpty()) {
        throw new IllegalArgumentException("samples: 0 (expected: at least 1)");
      }
      Sample first = samples.get(0);
      boolean restSync = samples.size() > 1 ? samples.get(1).sync() : first.sync();
      long bytes = 0;
      boolean sameDuration = true;
      boolean composition = false;
      boolean flagsPerSample = false;
      for (int i = 0; i < samples.size(); i++) {
        Sample sample = samples.get(i);
        check(sample);
        bytes += sample.data().length;
        sameDuration &= sample.durationTicks() == first.durationTicks();
        composition |= sample.compositionOffsetTicks() != 0;
        flagsPerSample |= i > 0 && sample.sync() != restSync;
      }
      // A moof takes at most 16 bytes per sample and 128 besides.
      if (bytes + 16L * samples.size() + 128 > Integer.MAX_VALUE - 64) {
        throw new IllegalArgumentException("fragment: " + bytes + " bytes (expected: below 2 GiB)");
      }
      return new Layout(
          samples.size(),
          (int) bytes,
          sameDuration,
          composition,
          !flagsPerSample && first.sync() != restSync,
          flagsPerSample,
          restSync);
    }

    private static void check(Sample sample) {
      if (sample.durationTicks() <= 0) {
        throw new IllegalArgumentException(
            "durationTicks: " + sample.durationTicks() + " (expected: above 0)");
      }
    }

    int tfhdBytes() {
      return 16 + (sameDuration ? 4 : 0) + (flagsPerSample ? 0 : 4);
    }

    int trunBytes() {
      int perSample = 4 + (sameDuration ? 0 : 4) + (flagsPerSample ? 4 : 0) + (composition ? 4 : 0);
      return 20 + (firstFlags ? 4 : 0) + perSample * samples;
    }

    int trafBytes() {
      return 8 + tfhdBytes() + 20 + trunBytes();
    }

    int moofBytes() {
      return 8 + 16 + trafBytes();
    }

    int totalBytes() {
      return moofBytes() + 8 + mediaBytes;
    }
  }
}
