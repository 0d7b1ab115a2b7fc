package io.millrace.media.segment;

/** A time span that is one segment in every rendition; media time in 90 kHz ticks. */
final class Span {
  static final long OPEN = Long.MAX_VALUE;

  final long session;
  final long msn;
  final long start;
  final boolean discontinuity;

  /** What a replay that starts with this span needs; its sequence numbers are filled in later. */
  final PipelineState.ResumePoint resume;

  /** First sample of the first audio frame in it, and the unit that it came in; −1 if unknown. */
  long audioSeq = -1;

  long audioSample = -1;

  /** First unit that an audio decoder needs to be right from its start on; −1 if none. */
  long prerollSeq = -1;

  long end = OPEN;
  long capturedAtNanos;

  /** The rendition {@code source} of this span comes from the encoder. */
  boolean encodedSource;

  /** Units of it were kept from the worker: rungs list it as a gap. */
  boolean thinnedOut;

  /** Its parts; null: none. */
  SpanParts parts;

  /** Last span of its session: nothing that belongs to it comes any more. */
  boolean last;

  Span(
      long session, long msn, long start, boolean discontinuity, PipelineState.ResumePoint resume) {
    this.session = session;
    this.msn = msn;
    this.start = start;
    this.discontinuity = discontinuity;
    this.resume = resume;
  }

  boolean closed() {
    return end != OPEN;
  }

  void close(long end90k, long nowNanos) {
    end = end90k;
    capturedAtNanos = nowNanos;
    if (parts != null) {
      parts.close(end90k, nowNanos);
    }
  }

  long duration() {
    return end - start;
  }
}
