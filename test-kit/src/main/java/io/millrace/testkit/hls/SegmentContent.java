package io.millrace.testkit.hls;

import io.millrace.testkit.fmp4.Fmp4Init;
import io.millrace.testkit.fmp4.Fmp4Reader;
import io.millrace.testkit.fmp4.Fmp4Sample;
import java.util.List;

/** A recorded segment with what is in it. */
record SegmentContent(RecordedSegment segment, Fmp4Init init, List<Fmp4Sample> samples) {

  private static final int H264_IDR = 5;
  private static final int HEVC_IDR_W_RADL = 19;
  private static final int HEVC_IDR_N_LP = 20;

  static SegmentContent of(RecordedSegment segment) {
    return new SegmentContent(
        segment, Fmp4Reader.init(segment.initBytes()), RecordingVerifier.samples(List.of(segment)));
  }

  String uri() {
    return segment.listed().uri();
  }

  boolean isVideo() {
    return init.handler().equals("vide");
  }

  int timescale() {
    return init.timescale();
  }

  long startTicks() {
    return samples.get(0).dts();
  }

  long endTicks() {
    Fmp4Sample last = samples.get(samples.size() - 1);
    return last.dts() + last.durationTicks();
  }

  long firstPts() {
    return samples.stream().mapToLong(Fmp4Sample::pts).min().orElseThrow();
  }

  double startSeconds() {
    return (double) startTicks() / timescale();
  }

  double frameSeconds() {
    return (double) samples.get(0).durationTicks() / timescale();
  }

  boolean startsWithIdr() {
    Fmp4Sample first = samples.get(0);
    return first.sync()
        && switch (init.sampleEntry()) {
          case "avc1" -> hasNal(first.data(), false);
          case "hvc1" -> hasNal(first.data(), true);
          default -> true;
        };
  }

  private static boolean hasNal(byte[] data, boolean hevc) {
    for (int at = 0; at + 5 <= data.length; ) {
      int type = hevc ? data[at + 4] >> 1 & 0x3f : data[at + 4] & 0x1f;
      if (hevc ? type == HEVC_IDR_W_RADL || type == HEVC_IDR_N_LP : type == H264_IDR) {
        return true;
      }
      at += 4 + java.nio.ByteBuffer.wrap(data, at, 4).getInt();
    }
    return false;
  }
}
