package io.millrace.media.segment;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.worker.EncodedPacket;
import io.millrace.media.worker.WorkerConfig;
import io.millrace.media.worker.WorkerUnit;
import java.util.List;
import java.util.Optional;

/** A session's audio: AAC on its sample grid, or other codecs by way of the worker. */
final class AudioPath {
  private static final int AAC_FRAME = 1024;

  private final Context context;
  private final Cuts cuts;
  private final Renditions renditions;
  private final Session session;
  private AudioGrid grid;
  private AudioFormat nextFormat;
  private long countedGaps;
  private long countedDrops;
  private long lastEnd;
  private boolean resumed;
  private int generation;
  private long nextSeq = -1;
  private long nextSample = -1;

  AudioPath(Context context, Cuts cuts, Renditions renditions, Session session) {
    this.context = context;
    this.cuts = cuts;
    this.renditions = renditions;
    this.session = session;
  }

  boolean transcoded() {
    return session.audio != null && session.audio.codec() != Codec.AAC;
  }

  /** The session's tracks are known. */
  void begin() {
    AudioPackager audio = renditions.audio();
    audio.mode(session.hasAudio, session.hasAudio && transcoded());
    if (session.hasAudio) {
      applyFormat();
      restoreGrid();
    }
  }

  private void applyFormat() {
    AudioFormat format = session.audio;
    if (transcoded()) {
      context.workerGeneration++;
      generation = context.workerGeneration;
      renditions.audio().line().timescale(renditions.audioEncoder().sampleRate());
      context.feed.configure(
          new WorkerConfig(
              generation,
              TrackKind.AUDIO,
              format.codec(),
              format.configRecord(),
              List.of(),
              Optional.of(renditions.audioEncoder())));
      return;
    }
    grid = new AudioGrid(format.sampleRate(), format.frameSamples());
    nextSeq = -1;
    nextSample = -1;
    renditions.audio().format(context.muxing.audioInit(format), format.sampleRate());
  }

  private void restoreGrid() {
    PipelineState.ResumePoint resume = session.resume;
    resumed = resume != null && resume.audioSeq() >= 0;
    if (resumed && grid != null) {
      grid.anchor(resume.audioSample());
      nextSeq = resume.audioSeq();
      nextSample = resume.audioSample();
    }
  }

  /** The first frame of a span is one that waits, or else the next one to come. */
  void opened(Span span) {
    renditions.audio().markFirst(span);
    if (span.audioSeq < 0) {
      span.audioSeq = nextSeq;
      span.audioSample = nextSample;
    }
  }

  /** Another configuration; it takes effect with the next cut, which carries a DISCONTINUITY. */
  void reconfigure(MediaUnit config, AudioFormat format) {
    session.nextAudioConfig = config;
    nextFormat = format;
    cuts.breakNext();
  }

  /** A segment with a DISCONTINUITY has begun; everything before it is closed. */
  void cutWithBreak(long nowNanos) {
    if (session.nextAudioConfig == null) {
      return;
    }
    renditions.audio().finishClosed(nowNanos);
    takeNextConfig();
    renditions.audio().mode(true, transcoded());
    applyFormat();
  }

  /** Nothing comes any more under the configuration in force: the next one is. */
  void takeNextConfig() {
    if (session.nextAudioConfig != null) {
      session.audioConfig = session.nextAudioConfig;
      session.audio = nextFormat;
      session.nextAudioConfig = null;
    }
  }

  void frame(MediaUnit unit, long nowNanos) {
    if (resumed && grid != null && unit.seq() < session.resume.audioSeq()) {
      return;
    }
    if (session.nextAudioConfig != null && !session.hasVideo) {
      cutByTime(lastEnd, unit.seq(), nowNanos, true);
    }
    if (unit.generation() != session.audioConfig.generation()) {
      context.counters.add("audio.waiting-for-cut");
      return;
    }
    long rebases = session.timeline.rebases();
    long time = session.timeline.audio(unit);
    if (time < session.notBefore) {
      return;
    }
    if (session.timeline.rebases() != rebases && !session.hasVideo) {
      cuts.breakNext();
    }
    if (transcoded()) {
      transcode(unit, time, nowNanos);
    } else {
      passThrough(unit, time, nowNanos);
    }
  }

  private void transcode(MediaUnit unit, long time, long nowNanos) {
    boolean preroll = time < prerollUntil();
    if (!session.hasVideo && !preroll) {
      cutByTime(time, unit.seq(), nowNanos, false);
    }
    context.feed.unit(
        new WorkerUnit(
            unit.seq(),
            generation,
            TrackKind.AUDIO,
            time,
            time,
            true,
            false,
            preroll ? prerollUntil() : Long.MIN_VALUE,
            unit.payload()));
    lastEnd = time + Timeline.JUMP_90K / 50;
  }

  /** What a replay brings before this only makes the decoder right. */
  private long prerollUntil() {
    return session.resume == null ? Long.MIN_VALUE : session.resume.start90k();
  }

  private void passThrough(MediaUnit unit, long time, long nowNanos) {
    long position = grid.place(time);
    count();
    if (position == AudioGrid.DROP) {
      return;
    }
    int rate = session.audio.sampleRate();
    int samples = session.audio.frameSamples();
    if (!session.hasVideo) {
      cutByTime(Ticks.toMedia(position, rate), unit.seq(), nowNanos, false);
    }
    renditions.audio().add(new AudioPackager.Frame(unit.seq(), position, samples, unit.payload()));
    nextSeq = unit.seq() + 1;
    nextSample = position + samples;
    lastEnd = Ticks.toMedia(nextSample, rate);
    renditions.audio().drain(session.timeline.latest90k(), nowNanos);
  }

  private void count() {
    if (grid.gaps() != countedGaps || grid.drops() != countedDrops) {
      context.counters.add("audio.reanchored", grid.gaps() - countedGaps);
      context.counters.add("audio.dropped", grid.drops() - countedDrops);
      countedGaps = grid.gaps();
      countedDrops = grid.drops();
    }
  }

  /** Audio-only streams are cut at the first frame after the target duration. */
  private void cutByTime(long time, long seq, long nowNanos, boolean now) {
    Span span = cuts.open();
    if (span != null) {
      divide(span, time, nowNanos);
    }
    if (span != null
        && (now || cuts.breakPending() || time - span.start >= context.rule.target90k())) {
      cuts.close(time, false, nowNanos);
      span = null;
    }
    if (span == null) {
      cuts.openAt(time, seq, 0, -1, session);
    }
  }

  private void divide(Span span, long time, long nowNanos) {
    context.parts.evenly(span, time, span.start + context.rule.target90k(), nowNanos);
  }

  void packet(EncodedPacket packet, long nowNanos) {
    renditions
        .audio()
        .add(new AudioPackager.Frame(packet.sourceSeq(), packet.pts(), AAC_FRAME, packet.data()));
    renditions.audio().drain(0, nowNanos);
  }

  void end(long nowNanos) {
    if (!session.hasVideo && cuts.open() != null) {
      divide(cuts.open(), lastEnd - context.parts.rule().tolerance90k(), nowNanos);
      cuts.close(lastEnd, true, nowNanos);
    }
  }
}
