package io.millrace.media.segment;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the parts of a span end, the same in all renditions; media time in 90 kHz ticks. Ends are
 * added while the span is open; the last part ends with the span.
 */
final class SpanParts {
  private record End(long at, long capturedAtNanos) {}

  private final long start;
  private final long heldFrom;
  private final long tolerance90k;
  private final List<End> ends = new ArrayList<>();
  private End last;

  /**
   * @param heldFrom what ends later is known when the span is closed: until then it may still be
   *     cut off
   * @param tolerance90k frames that belong to an end may lie this far before it
   */
  SpanParts(long start, long heldFrom, long tolerance90k) {
    this.start = start;
    this.heldFrom = heldFrom;
    this.tolerance90k = tolerance90k;
  }

  /** The part that is open ends here. */
  void end(long at, long nowNanos) {
    if (last == null && at > from()) {
      ends.add(new End(at, nowNanos));
    }
  }

  /** Start of the part that is open. */
  long from() {
    return ends.isEmpty() ? start : ends.get(ends.size() - 1).at;
  }

  void close(long at, long nowNanos) {
    ends.removeIf(end -> end.at >= at);
    last = new End(at, nowNanos);
  }

  /** {@link Span#OPEN}: not known yet. */
  long endOf(int index) {
    End end = at(index);
    return end == null ? Span.OPEN : end.at;
  }

  /** Frames that are shown before this are of the part or of an earlier one. */
  long edgeOf(int index) {
    return isLast(index) ? last.at : endOf(index) - tolerance90k;
  }

  long startOf(int index) {
    return index == 0 ? start : ends.get(index - 1).at;
  }

  /** When the last source frame of a part came in whose end is known. */
  long capturedAtNanos(int index) {
    return at(index).capturedAtNanos;
  }

  boolean isLast(int index) {
    return last != null && index == ends.size();
  }

  private End at(int index) {
    if (index < ends.size() && (last != null || ends.get(index).at < heldFrom)) {
      return ends.get(index);
    }
    return isLast(index) ? last : null;
  }
}
