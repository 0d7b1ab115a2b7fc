package io.millrace.media.segment;

import io.millrace.media.RenditionKind;
import io.millrace.media.fmp4.Sample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The line of segments of one rendition: what comes next, and which init segment is in force. */
final class RenditionLine {
  private final String name;
  private final RenditionKind kind;
  private final SegmentSink sink;
  private int timescale = Ticks.TIMESCALE;
  private long nextMsn;
  private long nextTicks;
  private final Map<Long, Long> starts = new HashMap<>();
  private String initName;
  private byte[] nextInit;
  private boolean announced;
  private long gaps;
  private long lagNanos;
  private long lastBits;
  private long lastDuration;

  RenditionLine(String name, RenditionKind kind, SegmentSink sink) {
    this.name = name;
    this.kind = kind;
    this.sink = sink;
  }

  void restore(PipelineState.RenditionProgress progress) {
    nextMsn = progress.nextMsn();
    nextTicks = progress.nextTicks();
    timescale = progress.timescale();
    initName = progress.initName().isEmpty() ? null : progress.initName();
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

  void segment(Span span, long start, long duration, List<Sample> samples, long nowNanos) {
    useNextInit(span);
    int bytes = sink.segment(this, span, start, duration, samples);
    lastBits = bytes * 8L;
    lastDuration = duration;
    advance(span, start, duration, nowNanos);
  }

  void gap(Span span, long start, long duration, long nowNanos) {
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

  /** Where the segment {@code msn} starts; those before it are not asked for again. */
  long ticksAt(long msn) {
    starts.keySet().removeIf(before -> before < msn);
    return starts.getOrDefault(msn, nextTicks);
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
