package io.millrace.media.segment;

import java.util.List;

/** Decoding order against presentation order. */
final class Reorder {
  private Reorder() {}

  /**
   * Index of the first frame at which the list can be divided: everything before is shown before
   * everything from there on, nothing from there on is shown before {@code from90k}, and no frame
   * still to come is shown earlier. −1 when there is none (yet).
   */
  static int boundary(List<VideoFrame> frames, long from90k, long shift90k) {
    if (frames.isEmpty()) {
      return -1;
    }
    long reached = frames.get(frames.size() - 1).dts() - shift90k;
    long[] minFrom = new long[frames.size() + 1];
    minFrom[frames.size()] = Long.MAX_VALUE;
    for (int i = frames.size() - 1; i >= 0; i--) {
      minFrom[i] = Math.min(minFrom[i + 1], frames.get(i).pts());
    }
    long maxBefore = Long.MIN_VALUE;
    for (int i = 0; i < frames.size(); i++) {
      if (minFrom[i] >= from90k && maxBefore < minFrom[i] && minFrom[i] <= reached) {
        return i;
      }
      maxBefore = Math.max(maxBefore, frames.get(i).pts());
    }
    return -1;
  }

  static long minPts(List<VideoFrame> frames) {
    return frames.stream().mapToLong(VideoFrame::pts).min().orElseThrow();
  }

  /** Index of the last IDR, 0 when there is none. */
  static int lastIdr(List<VideoFrame> frames) {
    for (int i = frames.size() - 1; i > 0; i--) {
      if (frames.get(i).idr()) {
        return i;
      }
    }
    return 0;
  }
}
