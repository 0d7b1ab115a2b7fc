package io.millrace.media.segment;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.CodecException;
import io.millrace.media.ladder.Ladder;
import io.millrace.media.worker.EncodedPacket;
import io.millrace.media.worker.WorkerPort;
import io.millrace.media.worker.WorkerStats;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * One live stream on its owner: units and worker packets in, segments out. Confined to one thread;
 * no clock and no I/O, {@code nowNanos} is a monotonic time that the caller reads.
 *
 * <p>Order per segment: {@link PipelineOutput#segment} → the caller stores it → {@link #stored} →
 * {@link #state()} is persisted → the segment is listed → {@link #durable} → {@link
 * PipelineOutput#acknowledged}.
 */
public final class StreamPipeline {
  private final Context context;
  private final Renditions renditions;
  private final Cuts cuts;
  private final Acks acks;
  private final SessionIntake intake;
  private final StateRecorder recorder;
  private final LoadShedder shedder;
  private final Map<Integer, Long> flushes = new HashMap<>();
  private long oldestOpen = -1;
  private long nowNanos;

  private StreamPipeline(
      Context context, Optional<PipelineState> recovered, DoubleSupplier freeCores) {
    this.context = context;
    this.renditions = new Renditions(context);
    this.cuts = new Cuts(context, new CutListener());
    this.acks = new Acks(context, renditions);
    this.shedder = new LoadShedder(context, renditions);
    this.intake = new SessionIntake(context, renditions, cuts, freeCores);
    this.recorder = new StateRecorder(context, renditions, cuts, acks, intake);
    recovered.ifPresent(this::restore);
  }

  /**
   * @param epoch incarnation of the owner, first part of object names
   * @param recovered what the predecessor persisted; empty for a new stream
   * @param freeCores transcode cores that a new stream may use; asked once, when the rendition set
   *     is planned
   */
  public static StreamPipeline create(
      PipelineSettings settings,
      long epoch,
      Optional<PipelineState> recovered,
      PipelineOutput output,
      DoubleSupplier freeCores) {
    return create(settings, epoch, recovered, output, freeCores, new Fmp4Muxing());
  }

  static StreamPipeline create(
      PipelineSettings settings,
      long epoch,
      Optional<PipelineState> recovered,
      PipelineOutput output,
      DoubleSupplier freeCores,
      Muxing muxing) {
    boolean fixed = !settings.partDuration().isZero() && settings.cutByEncoder();
    int frozen =
        recovered
            .map(state -> state.presentation().targetDurationSeconds())
            .orElse(fixed ? settings.targetDurationSeconds() : 0);
    CutRule rule =
        new CutRule(
            settings.targetDurationSeconds(),
            settings.maxSegmentSeconds(),
            frozen,
            settings.cutByEncoder());
    SegmentSink sink = new SegmentSink(output, muxing, epoch);
    return new StreamPipeline(
        new Context(settings, output, muxing, sink, rule), recovered, freeCores);
  }

  private void restore(PipelineState state) {
    context.sink.pdtBaseMs(state.pdtBaseMs());
    renditions.restore(state);
    acks.restore();
    context.parts.firstMsn(1 + renditions.nextMsn());
    intake.restore(state);
    for (RungPackager rung : renditions.rungs()) {
      shedder.restore(rung, state);
    }
    shedder.restored();
  }

  /**
   * A publisher's lease begins.
   *
   * @param wallClockMs Unix time of {@code nowNanos}
   * @param resumedSameSession the units that follow are a replay of the recovered session from
   *     {@link #firstNeededSeq()} on; no discontinuity
   */
  public void sessionStarted(
      long session, long wallClockMs, long nowNanos, boolean resumedSameSession) {
    this.nowNanos = nowNanos;
    if (intake.live()) {
      sessionEnded(nowNanos);
    }
    intake.begin(session, wallClockMs, nowNanos, resumedSameSession);
  }

  /** First sequence number that is needed of the current or recovered session; 0 for a new one. */
  public long firstNeededSeq() {
    return intake.firstNeededSeq();
  }

  /** Bit rate that the publisher declared (onMetaData), bit/s; may come any time, 0 is ignored. */
  public void declaredBitrate(long bitsPerSecond) {
    intake.declaredBitrate(bitsPerSecond);
  }

  public void unit(MediaUnit unit, long nowNanos) {
    this.nowNanos = nowNanos;
    intake.unit(unit, nowNanos);
  }

  /** The relay had to give units up that come before the next one; a DISCONTINUITY follows. */
  public void dropped(long nowNanos) {
    this.nowNanos = nowNanos;
    intake.dropped(nowNanos);
    housekeeping();
  }

  /** The publisher is gone: the last segment is closed short in all renditions. */
  public void sessionEnded(long nowNanos) {
    this.nowNanos = nowNanos;
    if (!intake.live()) {
      return;
    }
    long session = intake.end(nowNanos);
    if (context.workerGeneration > 0) {
      flushes.put(context.feed.flush(), session);
    }
    housekeeping();
    acks.ended(intake.session());
  }

  /** A worker is there; it is configured and fed from the oldest unfinished segment on. */
  public void workerReady(WorkerPort worker, long nowNanos) {
    this.nowNanos = nowNanos;
    AudioPackager audio = renditions.audio();
    context.feed.attach(
        worker,
        renditions.encoded().stream()
            .map(RungPackager::neededFrom)
            .filter(from -> from != Span.OPEN)
            .toList(),
        audio == null ? Long.MIN_VALUE : audio.neededFrom());
    shedder.workerReady(nowNanos);
  }

  public void workerInit(String rung, int generation, byte[] extradata, long nowNanos) {
    this.nowNanos = nowNanos;
    try {
      if (rung.equals(Ladder.AUDIO_NAME)) {
        AudioFormat format = context.muxing.audio(Codec.AAC, extradata);
        renditions.audio().format(context.muxing.audioInit(format), format.sampleRate());
        return;
      }
      RungPackager packager = renditions.encoded(rung);
      if (packager != null) {
        rungInit(packager, extradata);
      }
    } catch (CodecException e) {
      context.notice("worker.parameter-sets", rung + ": " + e.getMessage());
    }
  }

  private void rungInit(RungPackager packager, byte[] avcC) throws CodecException {
    byte[] init =
        context.muxing.rungInit(avcC, packager.settings().width(), packager.settings().height());
    if (packager.init(init, avcC)) {
      cuts.breakNext();
      context.notice(
          "worker.parameter-sets",
          packager.settings().name() + ": parameter sets changed, a discontinuity follows");
    }
  }

  public void workerPacket(EncodedPacket packet, long nowNanos) {
    this.nowNanos = nowNanos;
    if (packet.rung().equals(Ladder.AUDIO_NAME)) {
      intake.audioPacket(packet, nowNanos);
    } else {
      RungPackager packager = renditions.encoded(packet.rung());
      if (packager != null) {
        packager.packet(packet, nowNanos);
        shedder.progress(packet.pts(), nowNanos);
      }
    }
    housekeeping();
  }

  public void workerFlushed(int flushId, long nowNanos) {
    this.nowNanos = nowNanos;
    Long session = flushes.remove(flushId);
    if (session == null) {
      return;
    }
    for (RungPackager rung : renditions.encoded()) {
      rung.flushed(session, nowNanos);
    }
    if (renditions.audio() != null && renditions.audio().transcoded()) {
      renditions.audio().flushed(session, nowNanos);
    }
    housekeeping();
  }

  public void workerDropped(String rung, long sourceSeq, int count) {
    RungPackager packager = renditions.encoded(rung);
    if (packager != null) {
      packager.dropped(count);
    }
    context.counters.add("worker.dropped-frames", count);
  }

  public void workerStats(WorkerStats stats) {
    context.feed.pump();
    shedder.stats(stats);
  }

  /** The worker process is gone; events of it must not come any more. */
  public void workerGone() {
    context.feed.detach();
    context.counters.add("worker.gone");
    for (RungPackager rung : renditions.encoded()) {
      rung.discardOpen();
    }
    if (renditions.audio() != null && renditions.audio().transcoded()) {
      renditions.audio().discardOpen();
    }
    shedder.workerGone();
  }

  /**
   * The open segment ends at the next keyframe, so that another owner may go on from there.
   *
   * @return media sequence number of the segment after it
   */
  public long cutEarly() {
    cuts.cutEarly();
    return cuts.nextMsn();
  }

  /** Every 250 ms. */
  public void tick(long nowNanos) {
    this.nowNanos = nowNanos;
    intake.tick(nowNanos);
    if (renditions.frozen()) {
      giveUpLate();
      shedder.tick(nowNanos);
      housekeeping();
    }
  }

  private void giveUpLate() {
    long limit = nowNanos - context.settings.lagLimit().toNanos();
    for (RungPackager rung : renditions.encoded()) {
      rung.giveUpBefore(limit, nowNanos);
    }
    if (renditions.audio() != null) {
      renditions.audio().giveUpBefore(limit, nowNanos);
    }
  }

  /** Lets go of what no rung needs any more. */
  private void housekeeping() {
    if (renditions.source() != null) {
      renditions.source().drain(nowNanos);
    }
    renditions.checkBandwidth();
    Span oldest = null;
    for (RenditionLine line : renditions.lines()) {
      Span span = context.spans.get(line.nextMsn());
      oldest = span != null && (oldest == null || span.msn < oldest.msn) ? span : oldest;
    }
    if (oldest != null && oldest.msn != oldestOpen) {
      oldestOpen = oldest.msn;
      context.feed.trim(oldest.start);
    }
    context.feed.pump();
  }

  /** The object of this segment is in the store (for a gap: nothing to store, call at once). */
  public void stored(String rendition, long msn) {
    acks.stored(rendition, msn);
  }

  /** A state that contains this segment is durable. */
  public void durable(String rendition, long msn) {
    acks.durable(rendition, msn, intake.session());
  }

  /** What to persist together with the segments stored so far; empty before the first segment. */
  public Optional<PipelineState> state() {
    return recorder.state(shedder);
  }

  public PipelineStatus status() {
    return recorder.status(shedder);
  }

  /** What follows from a cut. */
  private final class CutListener implements Cuts.Listener {
    @Override
    public void closing(Span span, long now) {
      context.rule.freeze(span.duration());
      if (!renditions.frozen()) {
        renditions.freeze(span.duration(), intake.declaredBps());
      }
      if (renditions.audio() != null) {
        renditions.audio().drain(intake.latest90k(), now);
      }
      for (RungPackager rung : renditions.encoded()) {
        rung.drain(now);
      }
      housekeeping();
    }

    @Override
    public void opened(Span span) {
      if (span.discontinuity) {
        intake.cutWithBreak(nowNanos);
      }
      intake.opened(span);
      shedder.opened(span);
    }
  }
}
