package io.millrace.media.segment;

import io.millrace.media.fmp4.Sample;
import java.util.ArrayList;
import java.util.List;

/** One video frame on the media timeline, 90 kHz ticks. */
record VideoFrame(long seq, long dts, long pts, boolean idr, byte[] data) {

  /** Decoded later, shown as before. */
  VideoFrame decodedAt(long laterDts) {
    return new VideoFrame(seq, laterDts, pts, idr, data);
  }

  /** Samples with exact durations: each lasts until the next one's DTS, the last until the end. */
  static List<Sample> samples(List<VideoFrame> frames, long end90k) {
    List<Sample> samples = new ArrayList<>(frames.size());
    for (int i = 0; i < frames.size(); i++) {
      VideoFrame frame = frames.get(i);
      long next = i + 1 < frames.size() ? frames.get(i + 1).dts : end90k;
      int duration = (int) Math.max(1, next - frame.dts);
      samples.add(new Sample(duration, (int) (frame.pts - frame.dts), frame.idr, frame.data));
    }
    return samples;
  }
}
