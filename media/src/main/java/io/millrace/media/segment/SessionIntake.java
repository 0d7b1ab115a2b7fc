package io.millrace.media.segment;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.RenditionKind;
import io.millrace.media.TrackKind;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.CodecException;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.ladder.FrameRate;
import io.millrace.media.ladder.Ladder;
import io.millrace.media.ladder.LadderPlan;
import io.millrace.media.worker.AudioRungSettings;
import io.millrace.media.worker.EncodedPacket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.function.DoubleSupplier;

/**
 * From a session's units to its two paths: which tracks it has, when it starts, what is refused.
 */
final class SessionIntake {
  private static final int MAX_HELD = 1_000;
  private static final long MAX_GAP_MS = 3_600_000;

  private final Context context;
  private final Renditions renditions;
  private final Cuts cuts;
  private final DoubleSupplier freeCores;
  private final Runnable askForWorker;
  private final Deque<MediaUnit> heldAudio = new ArrayDeque<>();
  private Session session;
  private boolean live;
  private VideoPath video;
  private AudioPath audio;
  private PipelineState recovered;
  private long lastUnitWallMs = -1;
  private long endedWallMs = -1;
  private long declaredBps;
  private double costCores;

  SessionIntake(
      Context context,
      Renditions renditions,
      Cuts cuts,
      DoubleSupplier freeCores,
      Runnable askForWorker) {
    this.context = context;
    this.renditions = renditions;
    this.cuts = cuts;
    this.freeCores = freeCores;
    this.askForWorker = askForWorker;
  }

  void restore(PipelineState state) {
    recovered = state;
    lastUnitWallMs = state.lastUnitWallMs();
    endedWallMs = lastUnitWallMs;
  }

  long firstNeededSeq() {
    if (recovered != null && recovered.resume() != null) {
      return recovered.resume().seq();
    }
    return 0;
  }

  void begin(long id, long wallMs, long nanos, boolean resume) {
    boolean replay = resume && recovered != null && recovered.resume() != null;
    session = new Session(id, wallMs, nanos, replay ? recovered.resume() : null);
    live = true;
    heldAudio.clear();
    video = null;
    audio = null;
    if (recovered != null) {
      context.output.presentation(renditions.presentation());
    }
    if (!renditions.frozen()) {
      renditions.clear();
    } else if (replay) {
      resumeReplay();
    } else if (recovered != null) {
      abandonReplay(nanos);
    }
    recovered = null;
  }

  /** The predecessor's units come again; the same cuts follow. */
  private void resumeReplay() {
    PipelineState.ResumePoint resume = session.resume;
    cuts.restore(resume.msn(), resume.start90k());
    session.videoConfig = config(resume.videoConfig(), TrackKind.VIDEO);
    session.audioConfig = config(resume.audioConfig(), TrackKind.AUDIO);
    session.timeline =
        Timeline.resumed(
            resume.videoOffset90k(),
            resume.audioOffset90k(),
            resume.compositionShift90k(),
            resume.start90k());
    session.lastSeq = resume.seq() - 1;
    try {
      if (session.videoConfig != null) {
        session.video = parseVideo(session.videoConfig);
      }
      if (session.audioConfig != null) {
        session.audio =
            context.muxing.audio(session.audioConfig.codec(), session.audioConfig.payload());
      }
    } catch (CodecException e) {
      refuse("configuration: " + e.getMessage());
      return;
    }
    if (resume.discontinuity()) {
      cuts.breakNext();
    }
    start(true);
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
  private void abandonReplay(long nanos) {
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
        long start = Ticks.fromMedia(span.start, line.timescale());
        long end = Ticks.fromMedia(span.end, line.timescale());
        line.gap(span, start, end - start, nanos);
      }
    }
    cuts.restore(next, recovered.lastEnd90k());
  }

  void unit(MediaUnit unit, long nanos) {
    if (!live || session.refused || unit.seq() <= session.lastSeq) {
      return;
    }
    session.lastSeq = unit.seq();
    session.lastUnitNanos = nanos;
    lastUnitWallMs = session.wallMs(nanos);
    if (unit.isConfig()) {
      config(unit);
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
        refuse("video configuration: " + e.getMessage());
      } else {
        context.notice("audio.configuration", e.getMessage());
      }
    }
  }

  private VideoFormat parseVideo(MediaUnit config) throws CodecException {
    return context.muxing.video(config.codec(), config.payload());
  }

  private void videoConfig(MediaUnit unit) throws CodecException {
    VideoFormat format = parseVideo(unit);
    if (!session.started) {
      session.videoConfig = unit;
      session.video = format;
      session.gate.videoHeader(format.frameRate());
    } else if (!session.hasVideo) {
      context.notice("track.late", "A video track appeared too late and is left out.");
    } else if (same(session.videoConfig, unit)) {
      session.videoConfig = unit;
    } else if (admits(format)) {
      video.reconfigure(unit, format, !fits(format));
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
      plan();
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

  private void plan() {
    if (session.hasVideo) {
      double fps = FrameRate.snap(session.fps).perSecond();
      LadderPlan plan =
          Ladder.plan(session.video, fps, context.settings.ladder(), freeCores.getAsDouble());
      renditions.addSource(session.video, fps, plan.sourceEncoder(), plan.sourceFirst());
      plan.rungs().forEach(renditions::addRung);
      costCores = plan.costCores();
      if (!plan.leftOut().isEmpty()) {
        context.notice(
            "ladder.reduced",
            "Transcode capacity is short; left out: " + String.join(", ", plan.leftOut()));
      }
    }
    if (session.hasAudio) {
      renditions.addAudio(session.audio, audioEncoder());
    }
  }

  private AudioRungSettings audioEncoder() {
    AudioFormat format = session.audio;
    if (format.codec() == Codec.AAC) {
      return null;
    }
    int rate = format.sampleRate() == 44_100 ? 44_100 : 48_000;
    return new AudioRungSettings(
        rate, Math.min(2, Math.max(1, format.channels())), context.settings.audioBitrateBps());
  }

  private void start(boolean resumed) {
    if (renditions.frozen() && !admitTracks()) {
      return;
    }
    session.started = true;
    video = session.hasVideo ? new VideoPath(context, cuts, renditions, session) : null;
    audio = renditions.audio() == null ? null : new AudioPath(context, cuts, renditions, session);
    if (video != null) {
      video.begin(!fits(session.video));
    }
    if (audio != null) {
      audio.begin();
    }
    boolean transcodes = session.hasAudio && audio.transcoded();
    if (!renditions.rungs().isEmpty() || transcodes || (video != null && video.byEncoder())) {
      askForWorker.run();
    }
    if (resumed) {
      context.counters.add("session.resumed");
    }
  }

  /** The rendition set is frozen: a returning session has to fit into it. */
  private boolean admitTracks() {
    boolean wantsVideo = renditions.source() != null;
    session.hasVideo = wantsVideo && session.video != null;
    session.hasAudio = renditions.audio() != null && session.audio != null;
    if (wantsVideo && !session.hasVideo) {
      refuse("video: none (expected: the stream began with video)");
      return false;
    }
    if (!wantsVideo && !session.hasAudio) {
      refuse("audio: none (expected: the stream began with audio)");
      return false;
    }
    if (session.video != null && !wantsVideo) {
      context.notice("track.late", "The stream began without video; the video track is left out.");
    }
    if (session.audio != null && !session.hasAudio) {
      context.notice("track.late", "The stream began without audio; the audio track is left out.");
    }
    boolean needsAudioEncoder = session.hasAudio && session.audio.codec() != Codec.AAC;
    if (needsAudioEncoder && renditions.audioEncoder() == null) {
      refuse("audio codec: " + session.audio.codec() + " (expected: AAC as declared)");
      return false;
    }
    return !session.hasVideo || admits(session.video);
  }

  private boolean fits(VideoFormat format) {
    if (!renditions.frozen()) {
      return true;
    }
    return Compatibility.fits(declaredCodecs(), format);
  }

  private String declaredCodecs() {
    return renditions.presentation().renditions().stream()
        .filter(r -> r.kind() == RenditionKind.SOURCE)
        .findFirst()
        .orElseThrow()
        .codecs();
  }

  /** A format above the declared one can only go on where the source can be encoded instead. */
  private boolean admits(VideoFormat format) {
    if (fits(format)) {
      return true;
    }
    boolean encodable =
        context.settings.cutByEncoder() && Compatibility.family(declaredCodecs()).equals("avc1");
    if (!encodable) {
      refuse(
          "video: "
              + format.codecs()
              + " (expected: at most "
              + declaredCodecs()
              + " as declared)");
    }
    return encodable;
  }

  private void refuse(String diagnosis) {
    session.refused = true;
    context.output.refused(diagnosis);
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
      beginTimeline(unit, nanos);
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
      beginTimeline(unit, nanos);
    }
    audio.frame(unit, nanos);
  }

  private void beginTimeline(MediaUnit first, long nanos) {
    long start = 0;
    if (renditions.frozen()) {
      start = Math.max(cuts.lastEnd90k() + gap90k(nanos), listedEnd90k());
      cuts.breakNext();
    } else {
      context.sink.pdtBaseMs(session.wallMs(nanos));
      cuts.clearBreak();
    }
    session.timeline = Timeline.startingWith(first, start);
  }

  /** The last audio frame may reach beyond the last picture. */
  private long listedEnd90k() {
    return renditions.lines().stream()
        .mapToLong(line -> Ticks.toMedia(line.nextTicks(), line.timescale()) + 1)
        .max()
        .orElse(0);
  }

  /** Time without a publisher, as this node or, after a restart, the clock has seen it. */
  private long gap90k(long nanos) {
    long ms = endedWallMs < 0 ? 0 : session.wallMs(nanos) - endedWallMs;
    return Math.max(0, Math.min(MAX_GAP_MS, ms)) * Ticks.PER_MS;
  }

  long end(long nanos) {
    live = false;
    endedWallMs = session.wallMs(session.lastUnitNanos);
    if (video != null) {
      video.end(nanos);
    }
    if (audio != null) {
      audio.end(nanos);
      renditions.audio().drain(latest90k(), nanos);
    }
    session.closedAtMsn = cuts.nextMsn();
    return session.id;
  }

  void audioPacket(EncodedPacket packet, long nanos) {
    if (audio != null) {
      audio.packet(packet, nanos);
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

  /** Sequence number from which transcoded audio of the oldest open span can be made, or −1. */
  long audioPreroll() {
    Span oldest = null;
    for (RenditionLine line : renditions.lines()) {
      Span span = context.spans.get(line.nextMsn());
      oldest = span != null && (oldest == null || span.msn < oldest.msn) ? span : oldest;
    }
    return oldest == null ? -1 : context.feed.audioSeqFor(oldest.start);
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
    return lastUnitWallMs;
  }

  double costCores() {
    return costCores;
  }
}
