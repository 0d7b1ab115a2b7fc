package io.millrace.media.segment;

import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.RenditionKind;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.ladder.Ladder;
import io.millrace.media.worker.AudioRungSettings;
import io.millrace.media.worker.RungSettings;
import java.util.ArrayList;
import java.util.List;

/** The rendition set of a stream: lines, packagers, and what is declared of them. */
final class Renditions {
  private static final int AAC_FRAME = 1024;

  private final Context context;
  private final List<RenditionLine> lines = new ArrayList<>();
  private final List<RungPackager> rungs = new ArrayList<>();
  private SourcePackager source;
  private RungPackager sourceRung;
  private boolean encodesSource;
  private AudioPackager audio;
  private AudioRungSettings audioEncoder;
  private Presentation presentation;
  private String sourceCodecs;
  private AudioFormat audioFormat;
  private VideoFormat videoFormat;
  private double frameRate;
  private boolean sourceFirst = true;
  private long audioBps;

  Renditions(Context context) {
    this.context = context;
  }

  void addSource(VideoFormat format, double fps, RungSettings encoder, boolean listedFirst) {
    videoFormat = format;
    sourceCodecs = format.codecs();
    frameRate = fps;
    sourceFirst = listedFirst;
    addSource(line(Ladder.SOURCE_NAME, RenditionKind.SOURCE), encoder, format.codecs());
  }

  /** What the encoder makes is H.264: it stands in for a source that was declared as such. */
  private void addSource(RenditionLine line, RungSettings encoder, String codecs) {
    source = new SourcePackager(line);
    sourceRung = new RungPackager(encoder, line, context.spans, true);
    encodesSource = Compatibility.family(codecs).equals("avc1");
    if (!encodesSource) {
      sourceRung.suspendFrom(0);
    }
  }

  /** Before anything is listed: the publisher's own picture is in no rendition. */
  void dropSource() {
    lines.remove(source.line());
    source.unlist();
    sourceRung = null;
    encodesSource = false;
  }

  void addRung(RungSettings settings) {
    RenditionLine line = line(settings.name(), RenditionKind.RUNG);
    rungs.add(new RungPackager(settings, line, context.spans, false));
  }

  void addAudio(AudioFormat format, AudioRungSettings encoder) {
    audioFormat = format;
    audioEncoder = encoder;
    audio = new AudioPackager(line(Ladder.AUDIO_NAME, RenditionKind.AUDIO), context.spans);
  }

  private RenditionLine line(String name, RenditionKind kind) {
    RenditionLine line = newLine(name, kind);
    lines.add(line);
    return line;
  }

  private RenditionLine newLine(String name, RenditionKind kind) {
    return new RenditionLine(name, kind, context.sink, context.settings.firstMsn());
  }

  /** A recovered stream's set. */
  void restore(PipelineState state) {
    presentation = state.presentation();
    audioEncoder = state.audioEncoder();
    for (Rendition rendition : presentation.renditions()) {
      restoreRendition(rendition, state);
    }
    restoreUnlistedSource();
    for (PipelineState.RenditionProgress progress : state.renditions()) {
      for (RenditionLine line : lines) {
        if (line.name().equals(progress.name())) {
          line.restore(progress);
        }
      }
    }
    rungs.sort((a, b) -> b.settings().height() - a.settings().height());
    freezeParts(restoredParts());
  }

  private PartRule restoredParts() {
    int target = presentation.partTargetMillis();
    if (presentation.hasVideo()) {
      return PartRule.restoredVideo(target, context.settings.partDuration(), frameRate);
    }
    double frame = (double) AAC_FRAME / audio.line().timescale();
    return PartRule.restoredAudio(target, presentation.targetDurationSeconds(), frame);
  }

  private void restoreRendition(Rendition rendition, PipelineState state) {
    if (rendition.kind() == RenditionKind.AUDIO) {
      audio = new AudioPackager(line(rendition.name(), rendition.kind()), context.spans);
      audioBps = rendition.bandwidthBps();
      return;
    }
    RungSettings encoder =
        state.encoders().stream()
            .filter(settings -> settings.name().equals(rendition.name()))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "encoders: none for " + rendition.name() + " (expected: one each)"));
    if (rendition.kind() == RenditionKind.RUNG) {
      addRung(encoder);
      return;
    }
    frameRate = rendition.frameRate();
    addSource(line(rendition.name(), rendition.kind()), encoder, rendition.codecs());
  }

  private void restoreUnlistedSource() {
    if (source == null && !rungs.isEmpty()) {
      source = new SourcePackager(newLine(Ladder.SOURCE_NAME, RenditionKind.SOURCE));
      source.unlist();
      frameRate = rungs.get(0).settings().frameRate();
    }
  }

  /** The first segment has closed. */
  void freeze(long firstSegment90k, long declaredBps) {
    int target = context.rule.targetSeconds();
    audioBps = audio == null ? 0 : audioBps();
    List<Rendition> renditions = new ArrayList<>();
    rungs.forEach(rung -> renditions.add(declare(rung, target)));
    if (sourceListed()) {
      long bps = source.openBits() * Ticks.TIMESCALE / Math.max(1, firstSegment90k);
      renditions.add(sourceFirst ? 0 : renditions.size(), declareSource(declaredBps, bps));
    }
    if (audio != null) {
      renditions.add(declareAudio());
    }
    PartRule parts = partRule(target);
    freezeParts(parts);
    presentation = new Presentation(target, renditions, parts.targetMillis());
    context.output.presentation(presentation);
  }

  private PartRule partRule(int target) {
    double audioFrame = audio == null ? 0 : audioFrameSeconds();
    return source == null
        ? PartRule.ofAudio(context.settings.partDuration(), target, audioFrame)
        : PartRule.ofVideo(context.settings.partDuration(), frameRate, audioFrame);
  }

  private double audioFrameSeconds() {
    return audioEncoder == null
        ? (double) audioFormat.frameSamples() / audioFormat.sampleRate()
        : (double) AAC_FRAME / audioEncoder.sampleRate();
  }

  private void freezeParts(PartRule rule) {
    context.parts.freeze(rule);
    context.sink.numberParts(rule.on());
  }

  /** The highest number of a segment that some rendition has not listed. */
  long nextMsn() {
    return lines.stream()
        .mapToLong(RenditionLine::nextMsn)
        .max()
        .orElse(context.settings.firstMsn());
  }

  private long audioBps() {
    long measured = audio.bitrateBps() * 11 / 10;
    return Math.max(measured, audioEncoder == null ? 96_000 : audioEncoder.bitrateBps());
  }

  private Rendition declare(RungPackager rung, int target) {
    RungSettings settings = rung.settings();
    return new Rendition(
        settings.name(),
        RenditionKind.RUNG,
        rung.codecs(),
        settings.width(),
        settings.height(),
        settings.frameRate(),
        Bandwidths.rungPeak(settings, target, audioBps),
        Bandwidths.rungAverage(settings, audioBps),
        0);
  }

  private Rendition declareSource(long declaredBps, long firstBps) {
    return new Rendition(
        Ladder.SOURCE_NAME,
        RenditionKind.SOURCE,
        sourceCodecs,
        videoFormat.displayWidth(),
        videoFormat.displayHeight(),
        frameRate,
        Bandwidths.sourcePeak(declaredBps, firstBps, audioBps),
        Bandwidths.sourceAverage(declaredBps, firstBps, audioBps),
        0);
  }

  private Rendition declareAudio() {
    int channels = audioEncoder == null ? audioFormat.channels() : audioEncoder.channels();
    String codecs = audioEncoder == null ? audioFormat.codecs() : "mp4a.40.2";
    return new Rendition(
        Ladder.AUDIO_NAME, RenditionKind.AUDIO, codecs, 0, 0, 0, audioBps, audioBps, channels);
  }

  /** Raises the declared BANDWIDTH of a video rendition whose newest segment exceeded it. */
  void checkBandwidth() {
    if (presentation == null) {
      return;
    }
    List<Rendition> renditions = new ArrayList<>();
    boolean raised = false;
    for (Rendition r : presentation.renditions()) {
      long measured = measuredBps(r);
      boolean exceeded = measured > r.bandwidthBps();
      raised |= exceeded;
      renditions.add(exceeded ? raised(r, measured) : r);
    }
    if (raised) {
      presentation =
          new Presentation(
              presentation.targetDurationSeconds(), renditions, presentation.partTargetMillis());
      context.counters.add("bandwidth.raised");
      context.output.presentation(presentation);
    }
  }

  /** With the audio that is declared beside it; 0 for audio alone. */
  private long measuredBps(Rendition rendition) {
    for (RenditionLine line : lines) {
      if (rendition.kind() != RenditionKind.AUDIO && line.name().equals(rendition.name())) {
        return line.bitrateBps() + audioBps;
      }
    }
    return 0;
  }

  private static Rendition raised(Rendition r, long measured) {
    return new Rendition(
        r.name(),
        r.kind(),
        r.codecs(),
        r.width(),
        r.height(),
        r.frameRate(),
        Bandwidths.raised(r.bandwidthBps(), measured),
        r.averageBandwidthBps(),
        r.channels());
  }

  double frameRate() {
    return frameRate;
  }

  boolean frozen() {
    return presentation != null;
  }

  Presentation presentation() {
    return presentation;
  }

  List<RenditionLine> lines() {
    return lines;
  }

  /** From the largest to the smallest, without the source's stand-in. */
  List<RungPackager> rungs() {
    return rungs;
  }

  /** All that packets may belong to. */
  List<RungPackager> encoded() {
    List<RungPackager> all = new ArrayList<>();
    if (sourceRung != null) {
      all.add(sourceRung);
    }
    all.addAll(rungs);
    return all;
  }

  RungPackager encoded(String name) {
    for (RungPackager rung : encoded()) {
      if (rung.settings().name().equals(name)) {
        return rung;
      }
    }
    return null;
  }

  /** The publisher's own picture is a rendition. */
  boolean sourceListed() {
    return source != null && source.listed();
  }

  /** The encoder can stand in for it. */
  boolean encodesSource() {
    return encodesSource;
  }

  List<RungSettings> encoderSettings(boolean withSource) {
    List<RungSettings> settings = new ArrayList<>();
    for (RungPackager rung : withSource ? encoded() : rungs) {
      settings.add(rung.settings());
    }
    return settings;
  }

  SourcePackager source() {
    return source;
  }

  AudioPackager audio() {
    return audio;
  }

  AudioRungSettings audioEncoder() {
    return audioEncoder;
  }

  void clear() {
    lines.clear();
    rungs.clear();
    source = null;
    sourceRung = null;
    audio = null;
    audioEncoder = null;
  }
}
