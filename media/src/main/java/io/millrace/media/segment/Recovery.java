package io.millrace.media.segment;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import io.millrace.media.codec.CodecException;
import java.util.Base64;
import java.util.List;

/** How a stream goes on from what its former owner has persisted. */
final class Recovery {
  private final Context context;
  private final Renditions renditions;
  private final Cuts cuts;

  Recovery(Context context, Renditions renditions, Cuts cuts) {
    this.context = context;
    this.renditions = renditions;
    this.cuts = cuts;
  }

  /**
   * The predecessor's units come again; the same cuts follow.
   *
   * @param closed spans that the predecessor has closed, from the replay's first on: some rendition
   *     may have listed them, so they come out as they were
   */
  void resume(Session session, List<PipelineState.SpanState> closed) throws CodecException {
    PipelineState.ResumePoint resume = session.resume;
    cuts.restore(resume.msn(), resume.start90k());
    cuts.plan(closed);
    session.videoConfig = config(resume.videoConfig(), TrackKind.VIDEO);
    session.audioConfig = config(resume.audioConfig(), TrackKind.AUDIO);
    session.timeline = Timeline.resumed(resume, resume.encodedFrom90k() < 0);
    session.lastSeq = resume.seq() - 1;
    if (session.videoConfig != null) {
      session.video =
          context.muxing.video(session.videoConfig.codec(), session.videoConfig.payload());
    }
    if (session.audioConfig != null) {
      session.audio =
          context.muxing.audio(session.audioConfig.codec(), session.audioConfig.payload());
    }
    if (resume.discontinuity()) {
      cuts.breakNext();
    }
  }

  private static MediaUnit config(PipelineState.TrackConfig saved, TrackKind track) {
    if (saved == null) {
      return null;
    }
    return new MediaUnit(
        0,
        MediaUnit.Kind.CONFIG,
        track,
        Codec.valueOf(saved.codec()),
        saved.generation(),
        0,
        0,
        false,
        Base64.getDecoder().decode(saved.recordBase64()));
  }

  /** The predecessor's publisher is gone: what it had not finished stays a gap. */
  void abandon(PipelineState recovered, long nanos) {
    long next = renditions.lines().stream().mapToLong(RenditionLine::nextMsn).max().orElse(0);
    for (PipelineState.SpanState state : recovered.openSpans()) {
      if (state.msn() < next) {
        Span span =
            new Span(
                recovered.session(),
                state.msn(),
                state.start90k(),
                state.discontinuity(),
                recovered.resume());
        span.close(state.end90k(), nanos);
        span.last = true;
        context.spans.add(span);
      }
    }
    for (RenditionLine line : renditions.lines()) {
      for (Span span = context.spans.get(line.nextMsn());
          span != null;
          span = context.spans.get(line.nextMsn())) {
        long start = Math.max(line.nextTicks(), Ticks.fromMedia(span.start, line.timescale()));
        long end = Ticks.fromMedia(span.end, line.timescale());
        line.gap(span, start, Math.max(1, end - start), nanos);
      }
    }
    cuts.restore(next, recovered.lastEnd90k());
  }
}
