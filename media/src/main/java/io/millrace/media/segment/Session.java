package io.millrace.media.segment;

import io.millrace.media.MediaUnit;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.VideoFormat;
import java.util.Base64;

/** One publisher's lease as the pipeline sees it. */
final class Session {
  final long id;
  final long startWallMs;
  final long startNanos;

  /** The replay that this session is resumed from, or null. */
  PipelineState.ResumePoint resume;

  /** Media before this time was listed already and is left out. */
  long notBefore = Long.MIN_VALUE;

  StartGate gate = new StartGate();
  Timeline timeline;
  boolean started;
  boolean refused;
  boolean hasVideo;
  boolean hasAudio;
  MediaUnit videoConfig;
  MediaUnit audioConfig;

  /** Takes effect with the next DISCONTINUITY; null when none waits. */
  MediaUnit nextAudioConfig;

  VideoFormat video;
  AudioFormat audio;
  double fps;
  long lastSeq = -1;
  long lastUnitNanos;

  /** Media sequence number after its last segment, −1 while it runs. */
  long closedAtMsn = -1;

  Session(long id, long startWallMs, long startNanos, PipelineState.ResumePoint resume) {
    this.id = id;
    this.startWallMs = startWallMs;
    this.startNanos = startNanos;
    this.lastUnitNanos = startNanos;
    this.resume = resume;
  }

  /** Unix time of a monotonic time. */
  long wallMs(long nanos) {
    return startWallMs + Math.floorDiv(nanos - startNanos, 1_000_000L);
  }

  static PipelineState.TrackConfig save(MediaUnit config) {
    return config == null
        ? null
        : new PipelineState.TrackConfig(
            config.codec().name(),
            config.generation(),
            Base64.getEncoder().encodeToString(config.payload()));
  }
}
