package io.millrace.media.segment;

import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.CodecException;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.worker.EncodedPacket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.DoubleSupplier;

/** From a session's units to its two paths: which tracks it has and when it starts. */
final class SessionIntake {
  private static final int MAX_HELD = 1_000;

  private final Context context;
  private final Renditions renditions;
  private final Cuts cuts;
  private final RenditionPlanner planner;
  private final Admission admission;
  private final Recovery recovery;
  private final TimelineStart start;
  private final Deque<MediaUnit> heldAudio = new ArrayDeque<>();
  private Session session;
  private boolean live;
  private VideoPath video;
  private AudioPath audio;
  private PipelineState recovered;
  private PipelineState replayed;
  private long declaredBps;

  SessionIntake(Context context, Renditions renditions, Cuts cuts, DoubleSupplier freeCores) {
    this.context = context;
    this.renditions = renditions;
    this.cuts = cuts;
    this.planner = new RenditionPlanner(context, renditions, freeCores);
    this.admission = new Admission(context, renditions);
    this.recovery = new Recovery(context, renditions, cuts);
    this.start = new TimelineStart(context, renditions, cuts);
  }

  void restore(PipelineState state) {
    recovered = state;
    start.restore(state);
  }

  long firstNeededSeq() {
    if (live) {
      return session.lastSeq + 1;
    }
    if (recovered != null && recovered.resume() != null) {
      return recovered.resume().seq();
    }
    return 0;
  }

  void begin(long id, long wallMs, long nanos, boolean resume) {
    boolean replay = resume && replayable(id);
    session = new Session(id, wallMs, nanos, replay ? recovered.resume() : null);
    live = true;
    context.parts.sessionBegins();
    heldAudio.clear();
    video = null;
    audio = null;
    if (recovered != null) {
      context.output.presentation(renditions.presentation());
    }
    replayed = replay ? recovered : null;
    if (!renditions.frozen()) {
      renditions.clear();
    } else if (replay) {
      resumeReplay();
    } else if (recovered != null) {
      recovery.abandon(recovered, nanos);
    }
    recovered = null;
  }

  /** What was recovered may belong to the session before, when this one has no segment yet. */
  private boolean replayable(long id) {
    return recovered != null && recovered.resume() != null && recovered.session() == id;
  }

  private void resumeReplay() {
    try {
      recovery.resume(session, recovered.openSpans());
      start(true);
    } catch (CodecException e) {
      admission.refuse(session, "configuration: " + e.getMessage());
    }
  }

  /**
   * Units were given up before they came here. A replay that has not begun cannot be one: what is
   * unfinished stays a gap, and the session goes on after everything that was listed.
   */
  void dropped(long nanos) {
    if (!live || session.refused || !session.started) {
      return;
    }
    if (replayed != null && cuts.open() == null) {
      recovery.abandon(replayed, nanos);
      replayed = null;
      session.resume = null;
      session.notBefore = start.listedEnd90k();
      session.timeline.rebaseNotBefore(session.notBefore);
      takeNextConfigs();
      start(false);
    }
    cuts.forgetPlan();
    cuts.breakNext();
  }

  private void takeNextConfigs() {
    if (video != null) {
      video.takeNextConfig();
    }
    if (audio != null) {
      audio.takeNextConfig();
    }
  }

  void unit(MediaUnit unit, long nanos) {
    if (!live || session.refused || unit.seq() <= session.lastSeq) {
      return;
    }
    session.lastSeq = unit.seq();
    session.lastUnitNanos = nanos;
    start.unitCame(session, nanos);
    if (unit.isConfig()) {
      config(unit);
    }
    if (session.refused) {
      return;
    }
    if (session.started) {
      if (!unit.isConfig()) {
        frame(unit, nanos);
      }
      return;
    }
    session.gate.add(unit, nanos);
    startIfReady(nanos);
  }

  void tick(long nanos) {
    if (live && !session.started && !session.refused) {
      startIfReady(nanos);
    }
  }

  private void config(MediaUnit unit) {
    try {
      if (unit.isVideo()) {
        videoConfig(unit);
      } else {
        audioConfig(unit);
      }
    } catch (CodecException e) {
      if (unit.isVideo()) {
        admission.refuse(session, "video configuration: " + e.getMessage());
      } else {
        context.notice("audio.configuration", e.getMessage());
      }
    }
  }

  private void videoConfig(MediaUnit unit) throws CodecException {
    VideoFormat format = context.muxing.video(unit.codec(), unit.payload());
    if (!admission.servable(session, format)) {
      return;
    }
    if (!session.started) {
      session.videoConfig = unit;
      session.video = format;
      session.gate.videoHeader(format.frameRate());
    } else if (!session.hasVideo) {
      context.notice("track.late", "A video track appeared too late and is left out.");
    } else if (same(session.videoConfig, unit)) {
      session.videoConfig = unit;
    } else if (admission.admits(session, format)) {
      video.reconfigure(unit, format, !admission.fits(format));
    }
  }

  private void audioConfig(MediaUnit unit) throws CodecException {
    AudioFormat format = context.muxing.audio(unit.codec(), unit.payload());
    if (!session.started) {
      session.audioConfig = unit;
      session.audio = format;
      session.gate.audioHeader();
    } else if (!session.hasAudio) {
      context.notice("track.late", "An audio track appeared too late and is left out.");
    } else if (same(session.audioConfig, unit)) {
      session.audioConfig = unit;
    } else {
      audio.reconfigure(unit, format);
    }
  }

  private static boolean same(MediaUnit one, MediaUnit other) {
    return one.codec() == other.codec() && Arrays.equals(one.payload(), other.payload());
  }

  private void startIfReady(long nanos) {
    if (!session.gate.open(nanos)) {
      return;
    }
    if (!renditions.frozen()) {
      session.hasVideo = session.gate.has(TrackKind.VIDEO);
      session.hasAudio = session.gate.has(TrackKind.AUDIO);
      session.fps = session.gate.fps();
      planner.plan(session);
    }
    start(false);
    StartGate gate = session.gate;
    session.gate = null;
    for (StartGate.Arrival arrival : gate.arrivals()) {
      if (!arrival.unit().isConfig() && !session.refused) {
        frame(arrival.unit(), arrival.nanos());
      }
    }
  }

  private void start(boolean resumed) {
    if (renditions.frozen() && !admission.admitsTracks(session)) {
      return;
    }
    session.started = true;
    planner.restored(session);
    video = session.hasVideo ? new VideoPath(context, cuts, renditions, session) : null;
    audio = renditions.audio() == null ? null : new AudioPath(context, cuts, renditions, session);
    if (video != null) {
      video.begin(!admission.fits(session.video));
    }
    if (audio != null) {
      audio.begin();
    }
    boolean transcodes = session.hasAudio && audio.transcoded();
    if (!renditions.rungs().isEmpty() || transcodes || (video != null && video.byEncoder())) {
      context.askForWorker();
    }
    if (resumed) {
      context.counters.add("session.resumed");
    }
  }

  private void frame(MediaUnit unit, long nanos) {
    if (unit.isVideo()) {
      videoFrame(unit, nanos);
    } else {
      audioFrame(unit, nanos);
    }
  }

  private void videoFrame(MediaUnit unit, long nanos) {
    if (video == null) {
      context.counters.add("video.refused-track");
      return;
    }
    if (session.timeline == null) {
      if (!unit.idr() || unit.generation() != session.videoConfig.generation()) {
        context.counters.add("video.before-idr");
        return;
      }
      start.begin(session, unit, nanos);
    }
    video.frame(unit, nanos);
    while (!heldAudio.isEmpty()) {
      audio.frame(heldAudio.remove(), nanos);
    }
    if (renditions.audio() != null) {
      renditions.audio().drain(latest90k(), nanos);
    }
  }

  private void audioFrame(MediaUnit unit, long nanos) {
    if (!session.hasAudio) {
      context.counters.add("audio.refused-track");
      return;
    }
    if (session.timeline == null && session.hasVideo) {
      heldAudio.add(unit);
      if (heldAudio.size() > MAX_HELD) {
        heldAudio.remove();
        context.counters.add("audio.before-idr");
      }
      return;
    }
    if (session.timeline == null) {
      start.begin(session, unit, nanos);
    }
    audio.frame(unit, nanos);
  }

  long end(long nanos) {
    live = false;
    start.ended(session);
    if (video != null) {
      video.end(nanos);
    }
    if (audio != null) {
      audio.end(nanos);
      renditions.audio().sessionEnded(latest90k(), nanos);
    }
    session.closedAtMsn = cuts.nextMsn();
    return session.id;
  }

  void audioPacket(EncodedPacket packet, long nanos) {
    if (audio != null) {
      audio.packet(packet, nanos);
    }
  }

  /** From which unit on a replay that starts with this span finds its sound, and where it lies. */
  void opened(Span span) {
    if (audio != null) {
      audio.opened(span);
    }
  }

  void cutWithBreak(long nanos) {
    if (audio != null) {
      audio.cutWithBreak(nanos);
    }
  }

  void declaredBitrate(long bps) {
    declaredBps = Math.max(declaredBps, bps);
  }

  long declaredBps() {
    return declaredBps;
  }

  long latest90k() {
    return session == null || session.timeline == null ? 0 : session.timeline.latest90k();
  }

  boolean live() {
    return live;
  }

  Session session() {
    return session;
  }

  PipelineState recovered() {
    return recovered;
  }

  VideoPath video() {
    return video;
  }

  long lastUnitWallMs() {
    return start.lastUnitWallMs();
  }

  double costCores() {
    return planner.costCores();
  }
}
