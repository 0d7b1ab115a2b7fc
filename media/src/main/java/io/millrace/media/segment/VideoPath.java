package io.millrace.media.segment;

import io.millrace.media.MediaUnit;
import io.millrace.media.codec.VideoFormat;
import java.util.List;

/** A session's video: where it is cut. */
final class VideoPath {
  private final Context context;
  private final Cuts cuts;
  private final Renditions renditions;
  private final Session session;
  private final VideoFeed feed;
  private MediaUnit nextConfig;
  private VideoFormat nextFormat;
  private boolean nextEncode;
  private boolean waitForIdr = true;
  private long lastIdr = -1;
  private long idrInterval;
  private long idrSpacing;
  private long idrSeq;
  private long lastPts;
  private long lastDts;
  private long step = 3_000;
  private long rebases;
  private ForcedCuts forced;
  private long expectedCut;
  private boolean encodeNext;
  private boolean formatChanged;
  private long nowNanos;

  VideoPath(Context context, Cuts cuts, Renditions renditions, Session session) {
    this.context = context;
    this.cuts = cuts;
    this.renditions = renditions;
    this.session = session;
    this.feed = new VideoFeed(context, cuts, renditions, session);
  }

  /** The session's tracks are known; the worker and the source get their parameter sets. */
  void begin(boolean encode) {
    encodeNext = encode;
    renditions.source().init(context.muxing.videoInit(session.video));
    PipelineState.ResumePoint resume = session.resume;
    idrSpacing = resume == null ? 0 : resume.idrInterval90k();
    if (resume != null && resume.encodedFrom90k() >= 0) {
      feed.configure(true);
      forced = new ForcedCuts(resume.encodedFrom90k(), context.rule.target90k(), resume.start90k());
      feed.encodeFrom(resume.start90k());
      context.sourceEncoded = true;
    } else {
      context.sourceEncoded = false;
      feed.configure(false);
    }
  }

  /** Another configuration; it takes effect with its first IDR. */
  void reconfigure(MediaUnit config, VideoFormat format, boolean encode) {
    nextConfig = config;
    nextFormat = format;
    nextEncode = encode;
  }

  /** Nothing comes any more under the configuration in force: the next one is. */
  void takeNextConfig() {
    if (nextConfig != null) {
      session.videoConfig = nextConfig;
      session.video = nextFormat;
      nextConfig = null;
    }
  }

  void frame(MediaUnit unit, long now) {
    nowNanos = now;
    if (nextConfig != null && unit.generation() == nextConfig.generation()) {
      if (!unit.idr()) {
        context.counters.add("video.before-idr");
        return;
      }
      takeOver();
    } else if (unit.generation() != session.videoConfig.generation()
        || (waitForIdr && !unit.idr())) {
      context.counters.add("video.before-idr");
      return;
    }
    waitForIdr = false;
    Timeline.Stamp stamp = session.timeline.video(unit);
    if (session.timeline.rebases() != rebases) {
      rebases = session.timeline.rebases();
      cuts.breakNext();
    }
    if (cuts.open() == null && (!unit.idr() || stamp.pts() < session.notBefore)) {
      context.counters.add("video.listed-before");
      return;
    }
    place(new VideoFrame(unit.seq(), stamp.dts(), stamp.pts(), unit.idr(), unit.payload()));
  }

  private void takeOver() {
    finishForced();
    session.videoConfig = nextConfig;
    session.video = nextFormat;
    encodeNext = nextEncode;
    formatChanged = true;
    nextConfig = null;
    cuts.breakNext();
  }

  private void place(VideoFrame frame) {
    if (encodeNext && frame.idr()) {
      encodeNext = false;
      noteIdr(frame, lastIdr < 0 ? 0 : frame.pts() - lastIdr);
      startForced(frame);
    }
    if (forced != null) {
      placeForced(frame);
    } else {
      placeAtKeyframes(frame);
    }
    if (frame.dts() > lastDts) {
      step = Math.min(frame.dts() - lastDts, Timeline.JUMP_90K);
    }
    lastDts = frame.dts();
    lastPts = Math.max(lastPts, frame.pts());
  }

  private void placeAtKeyframes(VideoFrame frame) {
    Span span = cuts.open();
    if (frame.idr()) {
      long interval = lastIdr < 0 ? 0 : frame.pts() - lastIdr;
      noteIdr(frame, interval);
      if (span == null) {
        cuts.openAt(frame.pts(), idrSeq, idrInterval, -1, session);
      } else if (cuts.cutsAtIdr(frame.pts(), interval)) {
        cutAt(frame);
      }
    }
    span = cuts.open();
    context.parts.frame(span, frame.dts(), nowNanos);
    renditions.source().add(frame);
    renditions.source().parts(span);
    feed(frame, !frame.idr() && context.parts.wantsIdr(frame.pts() - span.start, idrSpacing));
    if (!frame.idr() && context.rule.overdue(frame.pts() - span.start)) {
      cutByEncoder(span);
    }
  }

  private void noteIdr(VideoFrame frame, long interval) {
    idrSpacing = lastIdr < 0 ? idrSpacing : interval;
    lastIdr = frame.pts();
    idrInterval = interval;
    idrSeq = frame.seq();
  }

  private void cutAt(VideoFrame frame) {
    closeOpen(endBefore(frame.pts()), false);
    if (cuts.breakPending()) {
      applyFormat();
    }
    cuts.openAt(frame.pts(), idrSeq, idrInterval, -1, session);
  }

  /** A hole that would make the segment too long is left out of it. */
  private long endBefore(long pts) {
    Span span = cuts.open();
    long end = pts;
    if (context.rule.tooLong(pts - span.start) && lastDts + step < pts) {
      end = Math.max(lastDts, lastPts) + step;
      cuts.breakNext();
    }
    return cuts.plannedEnd(Math.min(end, pts));
  }

  private void applyFormat() {
    if (!formatChanged) {
      return;
    }
    formatChanged = false;
    byte[] init = context.muxing.videoInit(session.video);
    renditions.source().init(init);
    feed.configure(false);
  }

  private void closeOpen(long end, boolean last) {
    Span span = cuts.open();
    if (span.encodedSource) {
      context.parts.evenly(span, end - context.parts.rule().tolerance90k(), expectedCut, nowNanos);
    } else if (last) {
      context.parts.sessionEnds(span, end, nowNanos);
    }
    cuts.close(end, last, nowNanos);
    if (!span.encodedSource) {
      renditions.source().finish(span, nowNanos);
    }
  }

  private void feed(VideoFrame frame, boolean force) {
    feed.unit(frame, force, forced != null);
  }

  /**
   * No IDR came in time. The segment is closed where it should have been, at a frame after which
   * nothing is shown earlier; what follows is made by the encoder, from the same source.
   */
  private void cutByEncoder(Span span) {
    if (!context.settings.cutByEncoder() || nothingToEncode()) {
      session.refused = true;
      context.output.refused(
          "keyframe interval: more than "
              + (lastPts - span.start) / Ticks.TIMESCALE
              + " s (expected: at most "
              + context.rule.targetSeconds()
              + " s)");
      return;
    }
    List<VideoFrame> frames = renditions.source().open();
    int index =
        Reorder.boundary(
            frames, span.start + context.rule.target90k(), session.timeline.shift90k());
    if (index < 0) {
      return;
    }
    if (!renditions.encodesSource() && !renditions.frozen()) {
      renditions.dropSource();
    }
    List<VideoFrame> tail = List.copyOf(frames.subList(index, frames.size()));
    List<VideoFrame> kept = List.copyOf(frames.subList(0, index));
    switchToEncoder(Reorder.minPts(tail), kept, tail);
  }

  /** The source is not H.264, so that the encoder cannot stand in for it, and has no rungs. */
  private boolean nothingToEncode() {
    return !renditions.encodesSource() && renditions.rungs().isEmpty();
  }

  private void switchToEncoder(long boundary, List<VideoFrame> kept, List<VideoFrame> tail) {
    int oldGeneration = feed.generation();
    renditions.source().truncate(kept.size());
    if (renditions.sourceListed()) {
      cuts.breakNext();
    }
    closeOpen(boundary, false);
    for (RungPackager rung : renditions.encoded()) {
      rung.discardFrom(boundary, oldGeneration);
    }
    forced = new ForcedCuts(boundary, context.rule.target90k(), boundary);
    feed.encodeFrom(boundary);
    context.sourceEncoded = true;
    context.askForWorker();
    feed.configure(true);
    cuts.openAt(boundary, idrSeq, idrInterval, boundary, session);
    for (VideoFrame frame : kept.subList(Reorder.lastIdr(kept), kept.size())) {
      feed(frame, false);
    }
    context.notice(
        "cut.by-encoder",
        "Keyframes are more than "
            + context.rule.targetSeconds()
            + " s apart; "
            + (renditions.encodesSource()
                ? "the source rendition is encoded to keep segments of that length."
                : "only transcoded renditions are shown, with segments of that length."));
    for (VideoFrame frame : tail) {
      placeForced(frame);
    }
  }

  private void placeForced(VideoFrame frame) {
    if (frame.idr()) {
      noteIdr(frame, lastIdr < 0 ? 0 : frame.pts() - lastIdr);
    }
    if (cuts.open() == null) {
      long start = session.resume == null ? frame.pts() : session.resume.start90k();
      cuts.openAt(start, idrSeq, idrInterval, forcedOrigin(), session);
    } else if (cuts.breakPending() && frame.idr()) {
      breakForced(frame);
    }
    forced.add(frame, session.timeline.shift90k(), this::cutForced, this::release);
    expectedCut = forced.nextCut90k();
    long reached = frame.dts() - session.timeline.shift90k();
    context.parts.evenly(cuts.open(), reached, expectedCut, nowNanos);
  }

  private long forcedOrigin() {
    return forced.origin90k();
  }

  /** At an IDR after a break the grid starts anew. */
  private void breakForced(VideoFrame frame) {
    finishForced();
    startForced(frame);
  }

  private void startForced(VideoFrame frame) {
    if (cuts.open() != null) {
      closeOpen(frame.pts(), false);
    }
    context.askForWorker();
    context.sourceEncoded = true;
    formatChanged = false;
    forced = new ForcedCuts(frame.pts(), context.rule.target90k(), frame.pts());
    feed.encodeFrom(frame.pts());
    feed.configure(true);
    cuts.openAt(frame.pts(), idrSeq, idrInterval, frame.pts(), session);
  }

  private void cutForced(long pts) {
    closeOpen(pts, false);
    expectedCut = forced.nextCut90k();
    cuts.openAt(pts, idrSeq, idrInterval, forcedOrigin(), session);
  }

  private void release(VideoFrame frame, long forceAt) {
    boolean first = frame.pts() == forceAt || frame.pts() == feed.encodeFrom();
    boolean between = context.parts.wantsIdr(frame.pts() - cutBefore(forceAt), idrSpacing);
    feed(frame, (first || between) && !frame.idr());
  }

  /** The first segment of the grid was not decided on the way. */
  private long cutBefore(long forceAt) {
    return Math.max(forceAt, feed.encodeFrom());
  }

  private void finishForced() {
    if (forced != null) {
      forced.finish(this::cutForced, this::release);
    }
  }

  /** The publisher is gone: the last sample repeats the previous duration. */
  void end(long now) {
    nowNanos = now;
    finishForced();
    if (cuts.open() != null) {
      closeOpen(Math.max(lastDts, lastPts) + step, true);
    }
  }

  boolean byEncoder() {
    return forced != null;
  }

  long idrInterval90k() {
    return idrInterval;
  }
}
