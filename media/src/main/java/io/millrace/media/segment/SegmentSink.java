package io.millrace.media.segment;

import io.millrace.media.MediaSegment;
import io.millrace.media.SegmentRef;
import io.millrace.media.fmp4.Sample;
import java.util.List;

/** Names, dates and hands out finished segments. */
final class SegmentSink {
  private static final byte[] NOTHING = {};

  private final PipelineOutput output;
  private final Muxing muxing;
  private final long epoch;
  private long pdtBaseMs;

  SegmentSink(PipelineOutput output, Muxing muxing, long epoch) {
    this.output = output;
    this.muxing = muxing;
    this.epoch = epoch;
  }

  void pdtBaseMs(long unixMs) {
    pdtBaseMs = unixMs;
  }

  long pdtBaseMs() {
    return pdtBaseMs;
  }

  /** Hands out an init segment and answers its name. */
  String init(String rendition, byte[] bytes) {
    String name = muxing.initName(bytes);
    output.init(rendition, name, bytes);
    return name;
  }

  String nameOf(byte[] init) {
    return muxing.initName(init);
  }

  /** The size of the object. */
  int segment(RenditionLine line, Span span, long start, long duration, List<Sample> samples) {
    byte[] bytes = muxing.fragment(span.msn, start, samples);
    emit(line, span, start, duration, bytes);
    return bytes.length;
  }

  void gap(RenditionLine line, Span span, long start, long duration) {
    emit(line, span, start, duration, NOTHING);
  }

  private void emit(RenditionLine line, Span span, long start, long duration, byte[] bytes) {
    boolean gap = bytes.length == 0;
    SegmentRef ref =
        new SegmentRef(
            span.msn,
            epoch + "-" + span.msn + ".m4s",
            line.initName(),
            start,
            duration,
            line.timescale(),
            span.discontinuity,
            gap,
            pdtBaseMs + Ticks.toMs(span.start),
            bytes.length);
    output.segment(new MediaSegment(line.name(), epoch, ref, span.capturedAtNanos, bytes));
  }
}
