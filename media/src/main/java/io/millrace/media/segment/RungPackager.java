package io.millrace.media.segment;

import io.millrace.media.worker.EncodedPacket;
import io.millrace.media.worker.RungSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Packs one rung's packets, by their media time against the spans. A span that ends up without its
 * IDR at the start, or that was given up, is listed as a gap.
 */
final class RungPackager {
  private final RungSettings settings;
  private final RenditionLine line;
  private final Spans spans;
  private final boolean source;
  private List<VideoFrame> frames = new ArrayList<>();
  private long suspendedFrom = Span.OPEN;
  private long resumedFrom = Span.OPEN;
  private long staleBefore = Long.MIN_VALUE;
  private int staleGeneration;
  private long droppedFrames;
  private byte[] init;
  private byte[] avcC;
  private int partFrom;
  private boolean partsBroken;
  private boolean awaitsIdr;

  /**
   * @param source it stands in for the source rendition, in spans that are marked so
   */
  RungPackager(RungSettings settings, RenditionLine line, Spans spans, boolean source) {
    this.settings = settings;
    this.line = line;
    this.spans = spans;
    this.source = source;
  }

  void packet(EncodedPacket packet, long nowNanos) {
    if (packet.generation() <= staleGeneration && packet.pts() >= staleBefore) {
      return;
    }
    progress(packet.pts(), nowNanos);
    Span span = current();
    if (span == null || packet.pts() < span.start || suspended(span)) {
      return;
    }
    if (!frames.isEmpty() && packet.pts() <= frames.get(frames.size() - 1).pts()) {
      return;
    }
    if (awaitsIdr && !packet.idr()) {
      return;
    }
    awaitsIdr = false;
    frames.add(
        new VideoFrame(
            packet.sourceSeq(), packet.pts(), packet.pts(), packet.idr(), packet.data()));
  }

  /**
   * Parameter sets of the packets to come.
   *
   * @param bytes init segment made of {@code parameterSets}
   * @return they differ from what is listed, and a DISCONTINUITY has to be made for them
   */
  boolean init(byte[] bytes, byte[] parameterSets) {
    if (Arrays.equals(init, bytes)) {
      return false;
    }
    init = bytes;
    avcC = parameterSets;
    Span span = current();
    return line.differs(bytes) && (span == null || !span.discontinuity);
  }

  boolean hasInit() {
    return init != null;
  }

  /** Every frame before {@code pts90k} has come out of the worker. */
  void progress(long pts90k, long nowNanos) {
    for (Span span = current();
        span != null && span.closed() && pts90k >= span.end;
        span = current()) {
      finish(span, nowNanos);
    }
    Span open = current();
    if (open != null && open.parts != null) {
      parts(open, pts90k);
    }
  }

  /** Hands out the parts all of whose frames lie before {@code reached90k}. */
  private void parts(Span span, long reached90k) {
    for (long end = span.parts.endOf(line.parts());
        end != Span.OPEN && !partsBroken && !line.hasAllParts(span);
        end = span.parts.endOf(line.parts())) {
      long edge = span.parts.edgeOf(line.parts());
      if (reached90k < edge) {
        return;
      }
      part(span, end, edge);
    }
  }

  /** The first frame that belongs to a part stands at its start, wherever it is shown. */
  private void part(Span span, long end, long edge) {
    int to = partFrom;
    while (to < frames.size() && frames.get(to).pts() < edge) {
      to++;
    }
    if (to == partFrom || !mayBeListed(span)) {
      partsBroken = true;
      return;
    }
    long start = span.parts.startOf(line.parts());
    List<VideoFrame> own = new ArrayList<>(to - partFrom);
    long dts = start - 1;
    for (VideoFrame frame : frames.subList(partFrom, to)) {
      dts = own.isEmpty() ? start : Math.max(frame.pts(), dts + 1);
      own.add(new VideoFrame(frame.seq(), dts, frame.pts(), frame.idr(), frame.data()));
    }
    line.part(span, start, end - start, VideoFrame.samples(own, end));
    partFrom = to;
  }

  /** Lists what needs no packets: gaps of a suspended rung. */
  void drain(long nowNanos) {
    for (Span span = current();
        span != null && span.closed() && suspended(span);
        span = current()) {
      finish(span, nowNanos);
    }
  }

  /** All packets of a session have come out of the worker. */
  void flushed(long session, long nowNanos) {
    for (Span span = current();
        span != null && span.closed() && span.session <= session;
        span = current()) {
      finish(span, nowNanos);
    }
  }

  /** Closed spans whose media came in before {@code nanos} and that are unfinished become gaps. */
  void giveUpBefore(long nanos, long nowNanos) {
    for (Span span = current();
        span != null && span.closed() && span.capturedAtNanos - nanos < 0;
        span = current()) {
      frames.clear();
      finish(span, nowNanos);
    }
  }

  private void finish(Span span, long nowNanos) {
    boolean whole = mayBeListed(span);
    if (whole && span.parts != null) {
      parts(span, Span.OPEN);
    }
    if (whole && span.parts != null && !partsBroken && line.hasAllParts(span)) {
      line.segmentOfParts(span, span.start, span.duration(), nowNanos);
    } else if (whole) {
      line.segment(
          span, span.start, span.duration(), VideoFrame.samples(frames, span.end), nowNanos);
    } else {
      line.gap(span, span.start, span.duration(), nowNanos);
    }
    frames = new ArrayList<>();
    partFrom = 0;
    partsBroken = false;
    awaitsIdr = false;
  }

  private boolean mayBeListed(Span span) {
    if (init != null) {
      line.init(init);
    }
    return !frames.isEmpty()
        && frames.get(0).idr()
        && frames.get(0).pts() == span.start
        && !span.thinnedOut
        && !suspended(span)
        && line.initFits(span);
  }

  /**
   * What a lost worker had begun is made again. Parts that were handed out stay what they are; the
   * next one begins with an IDR.
   */
  void discardOpen() {
    frames = new ArrayList<>(frames.subList(0, partFrom));
    awaitsIdr = partFrom > 0;
  }

  /**
   * No picture before this is needed any more, 90 kHz ticks; the first one from there on has to be
   * an IDR. {@link Span#OPEN}: there is nothing to work on.
   */
  long neededFrom() {
    Span span = current();
    if (span == null) {
      return Span.OPEN;
    }
    return partFrom == 0 ? span.start : span.parts.edgeOf(line.parts() - 1);
  }

  /** Packets up to {@code generation} from {@code pts90k} on are replaced by a replay. */
  void discardFrom(long pts90k, int generation) {
    staleBefore = pts90k;
    staleGeneration = generation;
    frames.removeIf(frame -> frame.pts() >= pts90k);
  }

  /** Gaps from the span {@code msn} on. */
  void suspendFrom(long msn) {
    suspendedFrom = msn;
    resumedFrom = Span.OPEN;
  }

  void resumeFrom(long msn) {
    resumedFrom = msn;
  }

  private boolean suspended(Span span) {
    return span.msn >= suspendedFrom && span.msn < resumedFrom;
  }

  /** First span that this rung still has to list; null when it has none to work on. */
  Span current() {
    Span span = spans.get(line.nextMsn());
    return span != null && source && !span.encodedSource ? null : span;
  }

  /** RFC 6381 string by the encoder's own avcC, or what it is expected to be. */
  String codecs() {
    if (avcC != null && avcC.length > 3) {
      return String.format(Locale.ROOT, "avc1.%02x%02x%02x", avcC[1], avcC[2], avcC[3]);
    }
    return String.format(Locale.ROOT, "avc1.42c0%02x", settings.level());
  }

  void dropped(int count) {
    droppedFrames += count;
  }

  long droppedFrames() {
    return droppedFrames;
  }

  RungSettings settings() {
    return settings;
  }

  RenditionLine line() {
    return line;
  }
}
