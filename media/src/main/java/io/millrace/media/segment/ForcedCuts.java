package io.millrace.media.segment;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import java.util.function.ObjLongConsumer;

/**
 * While the encoder makes the cuts: finds the first frame in presentation order at or after each
 * point of the grid {@code origin + n·T}. A frame that may be it is held until every later frame
 * must be shown after it (its PTS has been reached by a DTS), which is a few frames with B-frames
 * and none without.
 */
final class ForcedCuts {
  private final long origin90k;
  private final long step90k;
  private final Deque<VideoFrame> held = new ArrayDeque<>();
  private long nextCut;
  private long decided = Long.MIN_VALUE;

  /**
   * @param from90k frames before this are in no cut any more
   */
  ForcedCuts(long origin90k, long step90k, long from90k) {
    this.origin90k = origin90k;
    this.step90k = step90k;
    this.nextCut = gridAfter(from90k);
  }

  private long gridAfter(long time90k) {
    long steps = Math.max(0, Math.floorDiv(time90k - origin90k, step90k)) + 1;
    return origin90k + steps * step90k;
  }

  /**
   * @param cut is told the PTS of a frame at which a segment starts, before that frame is released
   * @param release takes frames in decoding order, with the PTS at which an IDR is to be forced
   */
  void add(VideoFrame frame, long shift90k, LongConsumer cut, ObjLongConsumer<VideoFrame> release) {
    held.add(frame);
    long reached = frame.idr() ? frame.pts() : frame.dts() - shift90k;
    settle(reached, cut, release);
  }

  long origin90k() {
    return origin90k;
  }

  /** The next segment starts at the first frame from here on. */
  long nextCut90k() {
    return nextCut;
  }

  /** No frame follows. */
  void finish(LongConsumer cut, ObjLongConsumer<VideoFrame> release) {
    settle(Long.MAX_VALUE, cut, release);
  }

  private void settle(long reached90k, LongConsumer cut, ObjLongConsumer<VideoFrame> release) {
    long first = firstAtOrAfter(nextCut);
    while (first <= reached90k && first != Long.MAX_VALUE) {
      decided = first;
      nextCut = gridAfter(first);
      cut.accept(first);
      first = firstAtOrAfter(nextCut);
    }
    while (!held.isEmpty() && held.peek().pts() < nextCut) {
      release.accept(held.remove(), decided);
    }
  }

  private long firstAtOrAfter(long time90k) {
    long first = Long.MAX_VALUE;
    for (VideoFrame frame : held) {
      if (frame.pts() >= time90k) {
        first = Math.min(first, frame.pts());
      }
    }
    return first;
  }
}
