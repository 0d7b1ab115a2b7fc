package io.millrace.media.segment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Opens and closes spans; one line of media sequence numbers over all sessions. */
final class Cuts {
  /** What has to happen around a cut. */
  interface Listener {
    /** Before anything of the span is listed. */
    void closing(Span span, long nowNanos);

    void opened(Span span);
  }

  private final Context context;
  private final Listener listener;
  private Span open;
  private long nextMsn;
  private long lastEnd;
  private boolean breakPending;
  private boolean early;

  /** Nothing was ever opened, by this owner or one before it: there is nothing to break with. */
  private boolean first = true;

  private final Map<Long, PipelineState.SpanState> planned = new HashMap<>();

  Cuts(Context context, Listener listener) {
    this.context = context;
    this.listener = listener;
    this.nextMsn = context.settings.firstMsn();
  }

  void restore(long msn, long lastEnd90k) {
    nextMsn = msn;
    lastEnd = lastEnd90k;
    open = null;
    first = false;
  }

  /** Spans that were closed before and are made again: they start, end and break as they did. */
  void plan(List<PipelineState.SpanState> closed) {
    closed.forEach(span -> planned.put(span.msn(), span));
  }

  /** What was closed before cannot be made again. */
  void forgetPlan() {
    planned.clear();
  }

  /** The next IDR is a cut, however short the segment. */
  void cutEarly() {
    early = true;
  }

  /**
   * At a source IDR within the open span.
   *
   * @param interval90k distance to the IDR before
   */
  boolean cutsAtIdr(long pts, long interval90k) {
    PipelineState.SpanState plan = planned.get(open.msn);
    if (plan != null) {
      return pts >= plan.end90k();
    }
    return breakPending || early || context.rule.cutsAtIdr(pts - open.start, interval90k);
  }

  /** Where the open span ends as it did before; {@code otherwise} when it was not closed before. */
  long plannedEnd(long otherwise) {
    PipelineState.SpanState plan = planned.get(open.msn);
    return plan == null ? otherwise : Math.min(plan.end90k(), otherwise);
  }

  Span open() {
    return open;
  }

  /** The next cut, at the next possible frame, carries a DISCONTINUITY. */
  void breakNext() {
    breakPending = true;
  }

  void clearBreak() {
    breakPending = false;
  }

  boolean breakPending() {
    return breakPending;
  }

  void openAt(long start, long idrSeq, long idrInterval, long encodedFrom, Session session) {
    PipelineState.SpanState plan = planned.get(nextMsn);
    boolean discontinuity = plan == null ? breakPending && !first : plan.discontinuity();
    Timeline timeline = session.timeline;
    PipelineState.ResumePoint resume =
        new PipelineState.ResumePoint(
            idrSeq,
            nextMsn,
            start,
            discontinuity,
            timeline.videoOffset90k(),
            timeline.audioOffset90k(),
            timeline.shift90k(),
            idrInterval,
            encodedFrom,
            -1,
            -1,
            Session.save(session.videoConfig),
            Session.save(
                discontinuity && session.nextAudioConfig != null
                    ? session.nextAudioConfig
                    : session.audioConfig));
    open = new Span(session.id, nextMsn, start, discontinuity, resume);
    open.encodedSource = encodedFrom >= 0;
    open.parts = context.parts.opened(nextMsn, start, context.rule.target90k());
    open.prerollSeq = context.feed.audioSeqFor(start);
    nextMsn++;
    breakPending = breakPending && plan != null && !discontinuity;
    early = false;
    first = false;
    context.spans.add(open);
    listener.opened(open);
  }

  void close(long end, boolean last, long nowNanos) {
    Span span = open;
    open = null;
    planned.remove(span.msn);
    span.last = last;
    span.close(Math.max(end, span.start + 1), nowNanos);
    lastEnd = span.end;
    listener.closing(span, nowNanos);
  }

  long lastEnd90k() {
    return lastEnd;
  }

  long nextMsn() {
    return nextMsn;
  }
}
