package io.millrace.media.segment;

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

  Cuts(Context context, Listener listener) {
    this.context = context;
    this.listener = listener;
  }

  void restore(long msn, long lastEnd90k) {
    nextMsn = msn;
    lastEnd = lastEnd90k;
    open = null;
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
    boolean discontinuity = breakPending && nextMsn > 0;
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
            Session.save(session.audioConfig));
    open = new Span(session.id, nextMsn, start, discontinuity, resume);
    open.encodedSource = encodedFrom >= 0;
    nextMsn++;
    breakPending = false;
    context.spans.add(open);
    listener.opened(open);
  }

  void close(long end, boolean last, long nowNanos) {
    Span span = open;
    open = null;
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
