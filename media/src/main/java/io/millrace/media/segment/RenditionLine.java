package io.millrace.media.segment;

import io.millrace.media.PartRef;
import io.millrace.media.RenditionKind;
import io.millrace.media.fmp4.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The line of segments of one rendition: what comes next, and which init segment is in force. */
final class RenditionLine {
  /** What was in force when a segment had been handed out; of audio both may change. */
  private record InForce(String initName, int timescale) {}

  private final String name;
  private final RenditionKind kind;
  private final SegmentSink sink;
  private int timescale = Ticks.TIMESCALE;
  private long nextMsn;
  private long nextTicks;
  private final Map<Long, Long> starts = new HashMap<>();
  private final Map<Long, InForce> inForce = new HashMap<>();
  private String initName;
  private byte[] nextInit;
  private boolean announced;
  private long gaps;
  private long lagNanos;
  private final List<PartRef> parts = new ArrayList<>();
  private final List<byte[]> partBytes = new ArrayList<>();
  private long lastBits;
  private long lastDuration;

  RenditionLine(String name, RenditionKind kind, SegmentSink sink, long firstMsn) {
    this.name = name;
    this.kind = kind;
    this.sink = sink;
    this.nextMsn = firstMsn;
  }

  void restore(PipelineState.RenditionProgress progress) {
    nextMsn = progress.nextMsn();
    nextTicks = progress.nextTicks();
    timescale = progress.timescale();
    initName = progress.initName().isEmpty() ? null : progress.initName();
    inForce.put(nextMsn, new InForce(initName(), timescale));
  }

  /** An init segment for the segments to come; it takes effect at the next segment that may. */
  void init(byte[] bytes) {
    boolean inForce = sink.nameOf(bytes).equals(initName);
    nextInit = inForce ? null : bytes;
    if (inForce && !announced) {
      sink.init(name, bytes);
      announced = true;
    }
  }

  /** Another init segment is in force than this one. */
  boolean differs(byte[] bytes) {
    return initName != null && !sink.nameOf(bytes).equals(initName);
  }

  /** Whether media of this span can be listed under the init segment that it needs. */
  boolean initFits(Span span) {
    return nextInit == null ? initName != null : initName == null || span.discontinuity;
  }

  /** Without parts: those that were handed out are not of it. */
  void segment(Span span, long start, long duration, List<Sample> samples, long nowNanos) {
    useNextInit(span);
    parts.clear();
    partBytes.clear();
    made(span, start, duration, sink.segment(this, span, start, duration, samples), nowNanos);
  }

  /** The next part of the segment that comes next. */
  void part(Span span, long start, long duration, List<Sample> samples) {
    useNextInit(span);
    int index = parts.size();
    byte[] bytes = sink.fragment(span, index, start, samples);
    parts.add(sink.part(this, span, index, duration, samples.get(0).sync(), bytes));
    partBytes.add(bytes);
  }

  /** Parts of the segment that comes next so far. */
  int parts() {
    return parts.size();
  }

  /** Nothing of the span follows the parts that were handed out. */
  boolean hasAllParts(Span span) {
    return !parts.isEmpty() && span.parts.isLast(parts.size() - 1);
  }

  /** The segment whose parts have all been handed out. */
  void segmentOfParts(Span span, long start, long duration, long nowNanos) {
    int bytes = sink.segment(this, span, start, duration, partBytes, parts);
    parts.clear();
    partBytes.clear();
    made(span, start, duration, bytes, nowNanos);
  }

  private void made(Span span, long start, long duration, int bytes, long nowNanos) {
    lastBits = bytes * 8L;
    lastDuration = duration;
    advance(span, start, duration, nowNanos);
  }

  void gap(Span span, long start, long duration, long nowNanos) {
    parts.clear();
    partBytes.clear();
    useNextInit(span);
    gaps++;
    sink.gap(this, span, start, duration);
    advance(span, start, duration, nowNanos);
  }

  private void useNextInit(Span span) {
    if (nextInit != null && initFits(span)) {
      initName = sink.init(name, nextInit);
      nextInit = null;
      announced = true;
    }
  }

  private void advance(Span span, long start, long duration, long nowNanos) {
    starts.putIfAbsent(span.msn, start);
    nextMsn = span.msn + 1;
    nextTicks = start + duration;
    starts.put(nextMsn, nextTicks);
    inForce.put(nextMsn, new InForce(initName(), timescale));
    lagNanos = Math.max(0, nowNanos - span.capturedAtNanos);
  }

  String name() {
    return name;
  }

  RenditionKind kind() {
    return kind;
  }

  int timescale() {
    return timescale;
  }

  void timescale(int ticksPerSecond) {
    timescale = ticksPerSecond;
  }

  /** Empty until there is one. */
  String initName() {
    return initName == null ? "" : initName;
  }

  long nextMsn() {
    return nextMsn;
  }

  /** What to persist once the segments before {@code msn} are stored; never asked for less. */
  PipelineState.RenditionProgress progress(long msn, boolean suspended) {
    starts.keySet().removeIf(before -> before < msn);
    inForce.keySet().removeIf(before -> before < msn);
    InForce then = inForce.getOrDefault(msn, new InForce(initName(), timescale));
    return new PipelineState.RenditionProgress(
        name, msn, starts.getOrDefault(msn, nextTicks), then.timescale, then.initName, suspended);
  }

  long nextTicks() {
    return nextTicks;
  }

  long gaps() {
    return gaps;
  }

  long lagNanos() {
    return lagNanos;
  }

  /** Of the newest segment with media, bit/s. */
  long bitrateBps() {
    return lastDuration == 0 ? 0 : lastBits * timescale / lastDuration;
  }
}
