package io.millrace.media.segment;

/**
 * Decides where parts end, on the source's own timestamps, so that all renditions cut at the same
 * instants. While frames come irregularly segments have no parts.
 */
final class PartCuts {
  private static final long NONE = Long.MIN_VALUE;

  /** Irregular frames are forgiven after so much regular media. */
  private static final long REGULAR_90K = 10L * Ticks.TIMESCALE;

  /** Source IDRs that are not further apart need no others between them. */
  private static final long IDR_SPACING_90K = Ticks.TIMESCALE + 5 * Ticks.PER_MS;

  private PartRule rule = PartRule.NONE;
  private long firstMsn;
  private long previous = NONE;
  private long irregularAt = NONE;

  void freeze(PartRule frozen) {
    rule = frozen;
  }

  PartRule rule() {
    return rule;
  }

  /**
   * Parts are never resumed inside a segment: what a predecessor may have had in flight comes
   * whole.
   */
  void firstMsn(long msn) {
    firstMsn = msn;
  }

  /** Another publisher, another rhythm. */
  void sessionBegins() {
    previous = NONE;
    irregularAt = NONE;
  }

  /** The parts of a span that is opened, or null. */
  SpanParts opened(long msn, long start, long target90k) {
    boolean regular = irregularAt == NONE || start - irregularAt >= REGULAR_90K;
    if (!rule.on() || msn < firstMsn || !regular) {
      return null;
    }
    long tolerance = rule.tolerance90k();
    return new SpanParts(start, start + target90k - tolerance, tolerance);
  }

  /**
   * The next frame in decoding order; a part closes before the frame that would take it past P + 1
   * ms.
   */
  void frame(Span span, long dts, long nowNanos) {
    if (rule.on() && previous != NONE && dts - previous > rule.target90k()) {
      irregularAt = dts;
    }
    if (span.parts != null && previous != NONE) {
      divide(span.parts, dts, nowNanos);
    }
    previous = dts;
  }

  private void divide(SpanParts parts, long dts, long nowNanos) {
    if (dts - parts.from() > rule.length90k() + PartRule.ROUNDING_90K && previous > parts.from()) {
      end(parts, previous, nowNanos);
    }
    if (dts - parts.from() >= rule.length90k() - rule.tolerance90k()) {
      end(parts, dts, nowNanos);
    }
  }

  /**
   * The session's last span. Frames that are shown after the last one in decoding order make it
   * longer than they are apart; what is too long for one part is two.
   */
  void sessionEnds(Span span, long end, long nowNanos) {
    if (span.parts != null && end - span.parts.from() > rule.target90k()) {
      span.parts.end(span.parts.from() + rule.length90k(), nowNanos);
    }
  }

  private void end(SpanParts parts, long at, long nowNanos) {
    if (rule.isIrregular(at - parts.from())) {
      irregularAt = at;
    }
    parts.end(at, nowNanos);
  }

  /**
   * Spans that are not cut by source frames: their parts are even.
   *
   * @param reached no cut is made before this any more
   * @param nextCut where the span is expected to end
   */
  void evenly(Span span, long reached, long nextCut, long nowNanos) {
    if (span.parts == null) {
      return;
    }
    long latest = Math.min(reached, nextCut - rule.tolerance90k());
    for (long at = span.parts.from() + rule.length90k();
        at < latest;
        at = span.parts.from() + rule.length90k()) {
      span.parts.end(at, nowNanos);
    }
  }

  /**
   * Rungs get an IDR at the first frame of the part that is nearest to each whole second of a
   * segment, where the source has them further apart.
   *
   * @param sinceStart of the frame in its segment
   * @param idrSpacing90k last distance of two source IDRs, 0 when not known
   */
  boolean wantsIdr(long sinceStart, long idrSpacing90k) {
    boolean close = idrSpacing90k > 0 && idrSpacing90k <= IDR_SPACING_90K;
    if (!rule.on() || close || sinceStart < Ticks.TIMESCALE / 2) {
      return false;
    }
    long near = sinceStart + rule.tolerance90k();
    long part = near / rule.length90k();
    boolean first = near - part * rule.length90k() < rule.frame90k();
    long second = Math.round((double) part * rule.length90k() / Ticks.TIMESCALE);
    long nearest = Math.round((double) second * Ticks.TIMESCALE / rule.length90k());
    return first && second > 0 && nearest == part;
  }
}
