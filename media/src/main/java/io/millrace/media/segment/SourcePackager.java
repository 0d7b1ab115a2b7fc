package io.millrace.media.segment;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Packs the publisher's own video; never waits for anything but its own line's order. */
final class SourcePackager {
  private record Finished(Span span, List<VideoFrame> frames, byte[] init) {}

  private final RenditionLine line;
  private final Deque<Finished> finished = new ArrayDeque<>();
  private List<VideoFrame> frames = new ArrayList<>();
  private byte[] init;
  private boolean listed = true;
  private int partFrom;

  SourcePackager(RenditionLine line) {
    this.line = line;
  }

  /** From now on its segments go nowhere: the stream has no such rendition. */
  void unlist() {
    listed = false;
  }

  boolean listed() {
    return listed;
  }

  /** Of the frames to come. */
  void init(byte[] bytes) {
    init = bytes;
  }

  void add(VideoFrame frame) {
    frames.add(frame);
  }

  /** Frames of the open span in decoding order. */
  List<VideoFrame> open() {
    return frames;
  }

  /** Keeps the first {@code count} frames of the open span. */
  void truncate(int count) {
    frames = new ArrayList<>(frames.subList(0, count));
  }

  long openBits() {
    long bits = 0;
    for (VideoFrame frame : frames) {
      bits += frame.data().length * 8L;
    }
    return bits;
  }

  RenditionLine line() {
    return line;
  }

  /** Hands out the parts of the open span that are whole. */
  void parts(Span span) {
    if (listed && finished.isEmpty() && span.parts != null && span.msn == line.nextMsn()) {
      if (line.parts() == 0) {
        line.init(init);
      }
      parts(span, frames);
    }
  }

  private void parts(Span span, List<VideoFrame> all) {
    for (long end = span.parts.endOf(line.parts());
        end != Span.OPEN && partFrom < all.size() && !line.hasAllParts(span);
        end = span.parts.endOf(line.parts())) {
      int to = partFrom;
      while (to < all.size() && all.get(to).dts() < end) {
        to++;
      }
      if (to == partFrom) {
        return;
      }
      boolean leavesNone = to == all.size() && span.parts.isLast(line.parts() + 1);
      if (leavesNone && to - partFrom > 1) {
        to--;
        all.set(to, all.get(to).decodedAt(end));
      }
      List<VideoFrame> own = all.subList(partFrom, to);
      long start = own.get(0).dts();
      line.part(span, start, end - start, VideoFrame.samples(own, end));
      partFrom = to;
    }
  }

  /** The open span has been closed. */
  void finish(Span span, long nowNanos) {
    if (listed) {
      finished.add(new Finished(span, frames, init));
    }
    frames = new ArrayList<>();
    drain(nowNanos);
  }

  /** Hands out what is next in line. */
  void drain(long nowNanos) {
    while (!finished.isEmpty() && finished.peek().span.msn <= line.nextMsn()) {
      Finished next = finished.remove();
      if (next.span.msn == line.nextMsn()) {
        emit(next, nowNanos);
      }
    }
  }

  private void emit(Finished next, long nowNanos) {
    Span span = next.span;
    line.init(next.init);
    if (next.frames.isEmpty()) {
      line.gap(span, span.start, span.duration(), nowNanos);
    } else {
      emitMedia(next, nowNanos);
    }
    partFrom = 0;
  }

  private void emitMedia(Finished next, long nowNanos) {
    Span span = next.span;
    long start = next.frames.get(0).dts();
    if (span.parts != null) {
      parts(span, next.frames);
    }
    if (span.parts != null && line.hasAllParts(span)) {
      line.segmentOfParts(span, start, span.end - start, nowNanos);
    } else {
      line.segment(
          span, start, span.end - start, VideoFrame.samples(next.frames, span.end), nowNanos);
    }
  }
}
