package io.millrace.media.segment;

import io.millrace.media.MediaUnit;

/**
 * Maps one session's publisher time (ms) to media time (90 kHz ticks). Each track has its own
 * offset, so that units of both tracks which are still interleaved around a jump find their place;
 * the track that meets the jump second takes over the first one's offset.
 *
 * <p>Video: DTS' = DTS + D with D the composition offset of the session's first IDR, but the DTS'
 * of every IDR is its PTS, which ms rounding would miss by a tick or two; strictly increasing.
 */
final class Timeline {
  /** A step forward beyond this is a break: 1 s. */
  static final long JUMP_90K = 90_000;

  /** A step of DTS back beyond this is a break: 100 ms. */
  static final long BACK_90K = 9_000;

  private static final long NONE = Long.MIN_VALUE;
  private static final long FIRST_OF_TRACK_90K = 10 * JUMP_90K;
  private static final long DEFAULT_STEP_90K = 3_000;

  /** DTS' and PTS of a video frame. */
  record Stamp(long dts, long pts) {}

  private static final class Track {
    long offset;
    boolean seen;
    long last;
    long step = DEFAULT_STEP_90K;
  }

  private final Track video = new Track();
  private final Track audio = new Track();
  private final long shift;
  private long latest;
  private long lastDts;
  private long rebases;
  private long firstPts = NONE;
  private long rebaseAt = NONE;

  private Timeline(long videoOffset, long audioOffset, long shift, long start) {
    video.offset = videoOffset;
    audio.offset = audioOffset;
    this.shift = shift;
    this.latest = start;
    this.lastDts = start - 1;
  }

  /** A session whose first frame (video IDR, or audio frame) is shown at {@code start90k}. */
  static Timeline startingWith(MediaUnit first, long start90k) {
    long offset = start90k - first.ptsMs() * Ticks.PER_MS;
    return new Timeline(offset, offset, first.compositionOffsetMs() * Ticks.PER_MS, start90k);
  }

  /**
   * The timeline that was in use when a segment started.
   *
   * @param atIdr the first picture to come is the IDR shown at that start, however equal timestamps
   *     before it had moved it
   */
  static Timeline resumed(PipelineState.ResumePoint at, boolean atIdr) {
    Timeline timeline =
        new Timeline(
            at.videoOffset90k(), at.audioOffset90k(), at.compositionShift90k(), at.start90k());
    timeline.firstPts = atIdr ? at.start90k() : NONE;
    return timeline;
  }

  /** Where a track begins, at the earliest, whose first frame is far from what is expected. */
  void rebaseNotBefore(long media90k) {
    rebaseAt = media90k;
  }

  Stamp video(MediaUnit unit) {
    long before = video.last;
    boolean first = !video.seen;
    long raw = place(video, audio, unit.dtsMs());
    long late = first ? movedBy(raw, unit) : Math.max(0, before + 1 - raw);
    video.last = raw + late;
    long pts = raw + late + unit.compositionOffsetMs() * Ticks.PER_MS;
    long dts = Math.max(unit.idr() ? pts : raw + late + shift, lastDts + 1);
    lastDts = dts;
    return new Stamp(dts, pts);
  }

  /** By equal timestamps before it: a tick each. */
  private long movedBy(long raw, MediaUnit first) {
    long moved = firstPts - raw - first.compositionOffsetMs() * Ticks.PER_MS;
    return firstPts != NONE && moved > 0 && moved < Ticks.PER_MS ? moved : 0;
  }

  /** Media time of an audio frame, still with the publisher's jitter. */
  long audio(MediaUnit unit) {
    long raw = place(audio, video, unit.dtsMs());
    audio.last = raw;
    return raw;
  }

  private long place(Track track, Track other, long ms) {
    long time = ms * Ticks.PER_MS + track.offset;
    if (broken(track, time)) {
      long byOther = ms * Ticks.PER_MS + other.offset;
      if (!broken(track, byOther)) {
        track.offset = other.offset;
        time = byOther;
      } else {
        long wanted = track.seen ? track.last + track.step : Math.max(latest, rebaseAt);
        if (!track.seen && !other.seen) {
          other.offset += wanted - time;
        }
        track.offset += wanted - time;
        time = wanted;
        rebases++;
      }
    } else if (track.seen && time > track.last) {
      track.step = Math.min(time - track.last, JUMP_90K);
    }
    track.seen = true;
    latest = Math.max(latest, time);
    return time;
  }

  private boolean broken(Track track, long time) {
    if (!track.seen) {
      return Math.abs(time - latest) > FIRST_OF_TRACK_90K;
    }
    return time > latest + JUMP_90K || time < track.last - BACK_90K;
  }

  /** How often the timeline was re-based so far. */
  long rebases() {
    return rebases;
  }

  long videoOffset90k() {
    return video.offset;
  }

  long audioOffset90k() {
    return audio.offset;
  }

  long shift90k() {
    return shift;
  }

  /** Newest media time of any track. */
  long latest90k() {
    return latest;
  }
}
