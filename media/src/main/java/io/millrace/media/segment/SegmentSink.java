package io.millrace.media.segment;

import io.millrace.media.MediaPart;
import io.millrace.media.MediaSegment;
import io.millrace.media.PartRef;
import io.millrace.media.SegmentRef;
import io.millrace.media.fmp4.Sample;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Names, dates and hands out finished segments. */
final class SegmentSink {
  private static final byte[] NOTHING = {};

  /** More than a segment has parts: 10 s by 0.2 s. */
  private static final int NUMBERS_PER_SEGMENT = 64;

  private final PipelineOutput output;
  private final Muxing muxing;
  private final long epoch;
  private long pdtBaseMs;
  private boolean numbersParts;

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

  /** The stream's segments have parts: each fragment gets a number of its own. */
  void numberParts(boolean yes) {
    numbersParts = yes;
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
    byte[] bytes = fragment(span, 0, start, samples);
    emit(line, span, start, duration, bytes, List.of());
    return bytes.length;
  }

  /** The size of the object, which is its parts one after the other. */
  int segment(
      RenditionLine line,
      Span span,
      long start,
      long duration,
      List<byte[]> fragments,
      List<PartRef> parts) {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream(fragments.stream().mapToInt(f -> f.length).sum());
    fragments.forEach(bytes::writeBytes);
    emit(line, span, start, duration, bytes.toByteArray(), parts);
    return bytes.size();
  }

  byte[] fragment(Span span, int index, long start, List<Sample> samples) {
    long number = numbersParts ? span.msn * NUMBERS_PER_SEGMENT + index : span.msn;
    return muxing.fragment(number, start, samples);
  }

  PartRef part(
      RenditionLine line, Span span, int index, long duration, boolean independent, byte[] bytes) {
    PartRef ref =
        new PartRef(
            span.msn,
            index,
            PartRef.name(epoch, span.msn, index),
            duration,
            line.timescale(),
            independent,
            bytes.length);
    MediaPart.Parent parent =
        new MediaPart.Parent(line.initName(), span.discontinuity, programDateTimeMs(span));
    output.part(
        new MediaPart(
            line.name(),
            epoch,
            ref,
            parent,
            span.parts.isLast(index),
            span.parts.capturedAtNanos(index),
            bytes));
    return ref;
  }

  void gap(RenditionLine line, Span span, long start, long duration) {
    emit(line, span, start, duration, NOTHING, List.of());
  }

  private long programDateTimeMs(Span span) {
    return pdtBaseMs + Ticks.toMs(span.start);
  }

  private void emit(
      RenditionLine line, Span span, long start, long duration, byte[] bytes, List<PartRef> parts) {
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
            programDateTimeMs(span),
            bytes.length);
    output.segment(new MediaSegment(line.name(), epoch, ref, span.capturedAtNanos, bytes, parts));
  }
}
