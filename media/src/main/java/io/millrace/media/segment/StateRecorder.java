package io.millrace.media.segment;

import io.millrace.media.RenditionKind;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.VideoFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the state to persist and the status to show. */
final class StateRecorder {
  private final Context context;
  private final Renditions renditions;
  private final Cuts cuts;
  private final Acks acks;
  private final SessionIntake intake;

  StateRecorder(
      Context context, Renditions renditions, Cuts cuts, Acks acks, SessionIntake intake) {
    this.context = context;
    this.renditions = renditions;
    this.cuts = cuts;
    this.acks = acks;
    this.intake = intake;
  }

  Optional<PipelineState> state(LoadShedder shedder) {
    if (!renditions.frozen()) {
      return Optional.empty();
    }
    if (intake.recovered() != null) {
      return Optional.of(intake.recovered());
    }
    Span first = context.spans.get(acks.nextStored());
    long session = first != null ? first.session : intake.session().id;
    boolean live = intake.live() && intake.session().id == session;
    return Optional.of(
        new PipelineState(
            PipelineState.SCHEMA,
            renditions.presentation(),
            renditions.encoderSettings(true),
            renditions.audioEncoder(),
            session,
            live,
            context.sink.pdtBaseMs(),
            intake.lastUnitWallMs(),
            lastStoredEnd(),
            progress(shedder),
            openSpans(),
            first == null ? null : resume(first)));
  }

  private long lastStoredEnd() {
    long end = cuts.lastEnd90k();
    long stored =
        renditions.lines().stream().mapToLong(l -> acks.nextStored(l.name())).max().orElse(0);
    Span next = context.spans.get(stored);
    Span newest = context.spans.get(stored - 1);
    if (newest != null) {
      return newest.end;
    }
    return next == null ? end : next.start;
  }

  private List<PipelineState.RenditionProgress> progress(LoadShedder shedder) {
    List<PipelineState.RenditionProgress> progress = new ArrayList<>();
    for (RenditionLine line : renditions.lines()) {
      progress.add(line.progress(acks.nextStored(line.name()), shedder.suspended(line.name())));
    }
    return progress;
  }

  private List<PipelineState.SpanState> openSpans() {
    List<PipelineState.SpanState> open = new ArrayList<>();
    for (Span span : context.spans.all()) {
      if (span.closed() && span.msn >= acks.nextStored()) {
        open.add(new PipelineState.SpanState(span.msn, span.start, span.end, span.discontinuity));
      }
    }
    return open;
  }

  private PipelineState.ResumePoint resume(Span first) {
    PipelineState.ResumePoint r = first.resume;
    return new PipelineState.ResumePoint(
        Acks.neededSeq(first),
        r.msn(),
        r.start90k(),
        r.discontinuity(),
        r.videoOffset90k(),
        r.audioOffset90k(),
        r.compositionShift90k(),
        r.idrInterval90k(),
        r.encodedFrom90k(),
        first.audioSeq,
        first.audioSample,
        r.videoConfig(),
        r.audioConfig());
  }

  PipelineStatus status(LoadShedder shedder) {
    Session session = intake.session();
    return new PipelineStatus(
        session == null ? 0 : session.id,
        intake.live(),
        cut(session),
        intake.costCores(),
        context.feed.attached() ? "running" : context.workerGeneration > 0 ? "wanted" : "none",
        shedder.backlog90k(),
        video(session),
        audio(session),
        renditionStatus(shedder),
        context.counters.snapshot());
  }

  private String cut(Session session) {
    if (!renditions.frozen()) {
      return "starting";
    }
    if (renditions.source() == null) {
      return "time";
    }
    boolean encoder = session != null && intake.video() != null && intake.video().byEncoder();
    return encoder ? "encoder" : "source";
  }

  private PipelineStatus.Video video(Session session) {
    if (session == null || session.video == null || renditions.source() == null) {
      return null;
    }
    VideoFormat f = session.video;
    double interval =
        intake.video() == null ? 0 : (double) intake.video().idrInterval90k() / Ticks.TIMESCALE;
    return new PipelineStatus.Video(
        f.codec().name(),
        f.codecs(),
        f.displayWidth(),
        f.displayHeight(),
        renditions.frameRate(),
        interval,
        renditions.source().line().bitrateBps());
  }

  private PipelineStatus.Audio audio(Session session) {
    if (session == null || session.audio == null || renditions.audio() == null) {
      return null;
    }
    AudioFormat f = session.audio;
    return new PipelineStatus.Audio(
        f.codec().name(),
        f.codecs(),
        f.sampleRate(),
        f.channels(),
        renditions.audio().bitrateBps());
  }

  private List<PipelineStatus.RenditionStatus> renditionStatus(LoadShedder shedder) {
    List<PipelineStatus.RenditionStatus> all = new ArrayList<>();
    for (RenditionLine line : renditions.lines()) {
      RungPackager rung =
          line.kind() == RenditionKind.AUDIO ? null : renditions.encoded(line.name());
      boolean empty = line.nextMsn() == context.settings.firstMsn();
      String state = empty ? "starting" : shedder.stateOf(line.name());
      all.add(
          new PipelineStatus.RenditionStatus(
              line.name(),
              line.kind().name().toLowerCase(Locale.ROOT),
              state,
              line.nextMsn(),
              line.lagNanos() / 1_000_000,
              rung == null ? 0 : rung.droppedFrames(),
              line.gaps(),
              shedder.suspendedSince(line.name())));
    }
    return all;
  }
}
