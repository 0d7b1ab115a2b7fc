package io.millrace.media.segment;

import io.millrace.media.fmp4.Sample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Packs audio frames: segment N holds the frames that start within span N. */
final class AudioPackager {
  /** One frame; position and length in samples. */
  record Frame(long seq, long start, int samples, byte[] data) {
    long end() {
      return start + samples;
    }
  }

  private static final long PATIENCE_90K = 135_000;
  private static final int MAX_PENDING_SECONDS = 30;

  private final RenditionLine line;
  private final Spans spans;
  private boolean transcoded;
  private final Deque<Frame> pending = new ArrayDeque<>();
  private final List<Frame> inParts = new ArrayList<>();
  private boolean partsBroken;
  private boolean partsDone;
  private boolean expected = true;
  private long late;
  private long bytes;
  private long samples;

  AudioPackager(RenditionLine line, Spans spans) {
    this.line = line;
    this.spans = spans;
  }

  /**
   * How the running session's audio comes.
   *
   * @param isExpected it has audio at all
   * @param byWorker packets come from the worker
   */
  void mode(boolean isExpected, boolean byWorker) {
    expected = isExpected;
    transcoded = byWorker;
  }

  /** Init segment and rate of the frames to come; everything before is listed. */
  void format(byte[] init, int sampleRate) {
    line.init(init);
    if (line.timescale() != sampleRate) {
      line.timescale(sampleRate);
      pending.clear();
    }
  }

  void add(Frame frame) {
    Span span = spans.get(line.nextMsn());
    boolean behind = span != null && Ticks.before(frame.start, line.timescale(), span.start);
    Frame before = pending.isEmpty() ? newestInParts() : pending.getLast();
    if (behind || (before != null && frame.start < before.end())) {
      late++;
      return;
    }
    pending.add(frame);
    bytes += frame.data.length;
    samples += frame.samples;
    if (frame.start - pending.getFirst().start > (long) MAX_PENDING_SECONDS * line.timescale()) {
      pending.remove();
      late++;
    }
  }

  private Frame newestInParts() {
    return inParts.isEmpty() ? null : inParts.get(inParts.size() - 1);
  }

  /** Lists every span whose audio is complete, or that is not worth waiting for any longer. */
  void drain(long media90k, long nowNanos) {
    Span span = next();
    while (span != null && ready(span, media90k)) {
      finish(span, nowNanos);
      span = next();
    }
    if (span != null && span.parts != null) {
      parts(span, false);
    }
  }

  /** Hands out the parts that are whole; {@code all}: no frame of the span follows. */
  private void parts(Span span, boolean all) {
    for (long end = span.parts.endOf(line.parts());
        end != Span.OPEN && !partsBroken && !complete(span) && (all || beyond(end));
        end = span.parts.endOf(line.parts())) {
      List<Frame> own = takeBefore(end);
      inParts.addAll(own);
      if (!own.isEmpty()) {
        part(span, own, end);
      } else if (span.parts.isLast(line.parts()) && line.parts() > 0) {
        partsDone = true;
      } else {
        partsBroken = true;
      }
    }
  }

  private void part(Span span, List<Frame> own, long end90k) {
    Frame last = own.get(own.size() - 1);
    boolean closesSpan = span.parts.isLast(line.parts());
    long end =
        closesSpan || pending.isEmpty()
            ? endOf(span, last, Ticks.fromMedia(end90k, line.timescale()))
            : pending.getFirst().start;
    long start = own.get(0).start;
    line.part(span, start, end - start, samples(own, end));
  }

  private boolean complete(Span span) {
    return partsDone || line.hasAllParts(span);
  }

  private boolean beyond(long media90k) {
    return !pending.isEmpty() && !Ticks.before(pending.getLast().start, line.timescale(), media90k);
  }

  private List<Frame> takeBefore(long media90k) {
    List<Frame> frames = new ArrayList<>();
    while (!pending.isEmpty()
        && Ticks.before(pending.getFirst().start, line.timescale(), media90k)) {
      frames.add(pending.remove());
    }
    return frames;
  }

  private Span next() {
    spans.forEach(this::markFirst);
    Span span = spans.get(line.nextMsn());
    if (span != null) {
      dropBefore(span);
    }
    return span;
  }

  private void dropBefore(Span span) {
    while (!pending.isEmpty()
        && Ticks.before(pending.getFirst().start, line.timescale(), span.start)) {
      pending.remove();
      late++;
    }
  }

  /** A replay may start with any span, also one that this line has listed already. */
  void markFirst(Span span) {
    if (span.audioSeq >= 0 || pending.isEmpty()) {
      return;
    }
    for (Frame frame : pending) {
      if (!Ticks.before(frame.start, line.timescale(), span.start)) {
        span.audioSeq = frame.seq;
        span.audioSample = frame.start;
        return;
      }
    }
  }

  private boolean ready(Span span, long media90k) {
    if (!span.closed()) {
      return false;
    }
    boolean beyond = beyond(span.end);
    if (transcoded) {
      return beyond || !expected;
    }
    return beyond || span.last || !expected || media90k > span.end + PATIENCE_90K;
  }

  /** All packets of a session have come out of the worker. */
  void flushed(long session, long nowNanos) {
    for (Span span = next();
        span != null && span.closed() && span.session <= session;
        span = next()) {
      finish(span, nowNanos);
    }
  }

  /** Closed spans whose media came in before {@code nanos} are listed with what there is. */
  void giveUpBefore(long nanos, long nowNanos) {
    for (Span span = next();
        span != null && span.closed() && span.capturedAtNanos - nanos < 0;
        span = next()) {
      finish(span, nowNanos);
    }
  }

  /** Nothing follows but what the worker still has. */
  void sessionEnded(long media90k, long nowNanos) {
    if (transcoded) {
      drain(media90k, nowNanos);
    } else {
      finishClosed(nowNanos);
    }
  }

  /** Lists every closed span with what there is. */
  void finishClosed(long nowNanos) {
    for (Span span = next(); span != null && span.closed(); span = next()) {
      finish(span, nowNanos);
    }
  }

  /** What a lost worker had begun is made again, but for the parts that were handed out. */
  void discardOpen() {
    pending.clear();
  }

  /**
   * No sound before this is needed any more, 90 kHz ticks; transcoded sound may be a segment behind
   * the pictures.
   */
  long neededFrom() {
    Span span = spans.get(line.nextMsn());
    if (span == null) {
      return Long.MIN_VALUE;
    }
    Frame newest = newestInParts();
    return newest == null ? span.start : Ticks.toMedia(newest.end(), line.timescale());
  }

  private void finish(Span span, long nowNanos) {
    int rate = line.timescale();
    if (span.parts != null) {
      parts(span, true);
    }
    List<Frame> frames = new ArrayList<>(inParts);
    frames.addAll(takeBefore(span.end));
    boolean parted = span.parts != null && !partsBroken && complete(span);
    inParts.clear();
    partsBroken = false;
    partsDone = false;
    long nominalEnd = Ticks.fromMedia(span.end, rate);
    if (frames.isEmpty()) {
      long start = Math.max(line.nextTicks(), Ticks.fromMedia(span.start, rate));
      line.gap(span, start, Math.max(1, nominalEnd - start), nowNanos);
      return;
    }
    long start = frames.get(0).start;
    long end = endOf(span, frames.get(frames.size() - 1), nominalEnd);
    if (parted) {
      line.segmentOfParts(span, start, end - start, nowNanos);
    } else {
      line.segment(span, start, end - start, samples(frames, end), nowNanos);
    }
  }

  /** A segment lasts until the next frame, or to the span's end when none follows at once. */
  private long endOf(Span span, Frame lastFrame, long nominalEnd) {
    if (!pending.isEmpty() && pending.getFirst().start <= nominalEnd + lastFrame.samples) {
      return pending.getFirst().start;
    }
    return span.last ? lastFrame.end() : Math.max(lastFrame.end(), nominalEnd);
  }

  private static List<Sample> samples(List<Frame> frames, long end) {
    List<Sample> samples = new ArrayList<>(frames.size());
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      long next = i + 1 < frames.size() ? frames.get(i + 1).start : end;
      samples.add(new Sample((int) (next - frame.start), 0, true, frame.data));
    }
    return samples;
  }

  RenditionLine line() {
    return line;
  }

  boolean transcoded() {
    return transcoded;
  }

  /** Average so far, bit/s. */
  long bitrateBps() {
    return samples == 0 ? 0 : bytes * 8 * line.timescale() / samples;
  }

  long late() {
    return late;
  }
}
