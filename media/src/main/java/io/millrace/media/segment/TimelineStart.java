package io.millrace.media.segment;

import io.millrace.media.MediaUnit;

/** Where a session's media time begins: at 0, or after what was before plus the measured gap. */
final class TimelineStart {
  private static final long MAX_GAP_MS = 3_600_000;

  private final Context context;
  private final Renditions renditions;
  private final Cuts cuts;
  private long lastUnitWallMs = -1;
  private long endedWallMs = -1;

  TimelineStart(Context context, Renditions renditions, Cuts cuts) {
    this.context = context;
    this.renditions = renditions;
    this.cuts = cuts;
  }

  void restore(PipelineState state) {
    lastUnitWallMs = state.lastUnitWallMs();
    endedWallMs = lastUnitWallMs;
  }

  void unitCame(Session session, long nanos) {
    lastUnitWallMs = session.wallMs(nanos);
  }

  void ended(Session session) {
    endedWallMs = session.wallMs(session.lastUnitNanos);
  }

  /** Unix time of the newest unit, ms; −1 before the first. */
  long lastUnitWallMs() {
    return lastUnitWallMs;
  }

  void begin(Session session, MediaUnit first, long nanos) {
    long start = 0;
    if (renditions.frozen()) {
      start = Math.max(cuts.lastEnd90k() + gap90k(session, nanos), listedEnd90k());
      cuts.breakNext();
    } else {
      context.sink.pdtBaseMs(session.wallMs(nanos));
      cuts.clearBreak();
    }
    session.timeline = Timeline.startingWith(first, start);
  }

  /** The last audio frame may reach beyond the last picture. */
  long listedEnd90k() {
    return renditions.lines().stream()
        .mapToLong(line -> Ticks.toMedia(line.nextTicks(), line.timescale()) + 1)
        .max()
        .orElse(0);
  }

  /** Time without a publisher, as this node or, after a restart, the clock has seen it. */
  private long gap90k(Session session, long nanos) {
    long ms = endedWallMs < 0 ? 0 : session.wallMs(nanos) - endedWallMs;
    return Math.max(0, Math.min(MAX_GAP_MS, ms)) * Ticks.PER_MS;
  }
}
