package io.millrace.media.segment;

import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a session's first units until it is known which tracks it has (both sequence headers, or 1
 * s after the first) and how fast its pictures come.
 */
final class StartGate {
  private static final long WAIT_NANOS = 1_000_000_000L;
  private static final long WAIT_MS = 1_000;
  private static final int ENOUGH_FRAMES = 12;
  private static final double SAME_RATE = 0.05;
  private static final int MAX_UNITS = 2_000;

  /** A unit and the monotonic time at which it came in. */
  record Arrival(MediaUnit unit, long nanos) {}

  private final List<Arrival> units = new ArrayList<>();
  private boolean video;
  private boolean audio;
  private double declaredFps;
  private long firstNanos;
  private long firstFrameMs = Long.MIN_VALUE;
  private long lastFrameMs;
  private long firstVideoMs;
  private long lastVideoMs;
  private int videoFrames;

  void add(MediaUnit unit, long nowNanos) {
    if (units.isEmpty()) {
      firstNanos = nowNanos;
    }
    units.add(new Arrival(unit, nowNanos));
    if (!unit.isConfig()) {
      frame(unit);
    }
  }

  private void frame(MediaUnit unit) {
    if (firstFrameMs == Long.MIN_VALUE) {
      firstFrameMs = unit.dtsMs();
    }
    lastFrameMs = Math.max(lastFrameMs, unit.dtsMs());
    if (unit.isVideo()) {
      if (videoFrames == 0) {
        firstVideoMs = unit.dtsMs();
      }
      videoFrames++;
      lastVideoMs = unit.dtsMs();
    }
  }

  void videoHeader(double fps) {
    video = true;
    declaredFps = fps;
  }

  void audioHeader() {
    audio = true;
  }

  boolean has(TrackKind track) {
    return track == TrackKind.VIDEO ? video : audio;
  }

  boolean open(long nowNanos) {
    if (!video && !audio) {
      return false;
    }
    if (units.size() >= MAX_UNITS) {
      return true;
    }
    boolean waited = nowNanos - firstNanos >= WAIT_NANOS || waitedMs() >= WAIT_MS;
    return ((video && audio) || waited) && (!video || rateKnown());
  }

  private long waitedMs() {
    return firstFrameMs == Long.MIN_VALUE ? 0 : lastFrameMs - firstFrameMs;
  }

  private boolean rateKnown() {
    if (videoFrames < 2) {
      return false;
    }
    return lastVideoMs - firstVideoMs >= WAIT_MS
        || (videoFrames >= ENOUGH_FRAMES && declaredFits());
  }

  private boolean declaredFits() {
    double measured = measuredFps();
    return declaredFps > 0 && Math.abs(declaredFps - measured) <= SAME_RATE * measured;
  }

  /** The declared rate where it agrees with what was seen. */
  double fps() {
    return declaredFits() || videoFrames < 2 ? Math.max(1, declaredFps) : measuredFps();
  }

  private double measuredFps() {
    long ms = Math.max(1, lastVideoMs - firstVideoMs);
    return Math.min(240, (videoFrames - 1) * 1000.0 / ms);
  }

  List<Arrival> arrivals() {
    return units;
  }
}
