package io.millrace.node.relay;

import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import java.util.EnumMap;
import java.util.Map;

/** Media time that goes by in a session, whatever the publisher's timestamps do in between. */
final class MediaClock {
  private static final long MAX_STEP_MS = 1000;

  private final Map<TrackKind, Long> lastDtsMs = new EnumMap<>(TrackKind.class);
  private final Map<TrackKind, Long> positionMs = new EnumMap<>(TrackKind.class);
  private long latestMs;

  /** Time at this unit: the furthest that any track has come. */
  long position(MediaUnit unit) {
    if (unit.isConfig()) {
      return latestMs;
    }
    Long last = lastDtsMs.put(unit.track(), unit.dtsMs());
    long step = last == null ? 0 : Math.max(0, Math.min(MAX_STEP_MS, unit.dtsMs() - last));
    long position = positionMs.merge(unit.track(), step, Long::sum);
    latestMs = Math.max(latestMs, position);
    return latestMs;
  }
}
