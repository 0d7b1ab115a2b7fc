package io.millrace.media.segment;

import io.millrace.media.worker.RungSwitch;
import io.millrace.media.worker.WorkerStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes load off a worker that is behind, one step at a time, and back: level 1 leaves out every
 * second frame of the top rung, level 2 suspends it, each further level suspends the next one. A
 * step takes effect where a segment starts; a suspension also gives up what the rung has not
 * finished, because a worker that is behind would do that first. One encoded rendition stays when
 * the source itself is encoded; otherwise the source always stays.
 *
 * <p>A step back up waits longer after each one that did not hold ({@link RecoveryPatience}).
 *
 * <p>The next step down waits until the worker has come to the last one and gains nothing by it, as
 * long as the backlog is bearable.
 *
 * <p>A worker that has just started is behind by what is replayed to it. That is no overload as
 * long as it catches up, so nothing is shed until it stops to; nor while a worker is silent, which
 * is a matter for the watchdog.
 */
final class LoadShedder {
  private final Context context;
  private final Renditions renditions;
  private final RecoveryPatience patience;
  private final Map<String, Long> suspendedSince = new HashMap<>();
  private int wanted;
  private int applied;
  private long changedNanos;
  private long healthySince = Long.MAX_VALUE;
  private long workerBacklog90k;
  private long nowNanos;
  private boolean running;
  private CatchUp catchUp;
  private boolean heard;
  private long workerAt90k = Long.MIN_VALUE;
  private long stepAt90k = Long.MIN_VALUE;

  LoadShedder(Context context, Renditions renditions) {
    this.context = context;
    this.renditions = renditions;
    this.patience = new RecoveryPatience(context.settings.shedding().recoverAfter());
  }

  void restore(RungPackager rung, PipelineState state) {
    for (PipelineState.RenditionProgress progress : state.renditions()) {
      if (progress.name().equals(rung.settings().name()) && progress.suspended()) {
        rung.suspendFrom(progress.nextMsn());
        suspendedSince.put(progress.name(), nowNanos);
        applied = 1 + suspendedSince.size();
        wanted = applied;
      }
    }
  }

  /** After all rungs are restored: what the first worker has to leave out. */
  void restored() {
    if (applied > 0) {
      context.feed.rungs(switches());
    }
  }

  void stats(WorkerStats stats) {
    heard = true;
    workerBacklog90k = stats.queuedInput90k();
    progress(stats.lastDecodedPts90k(), nowNanos);
  }

  /** A suspended rung learns from the others how far the worker is. */
  void progress(long pts90k, long now) {
    workerAt90k = Math.max(workerAt90k, pts90k);
    for (RungPackager rung : renditions.rungs()) {
      if (suspended(rung.settings().name())) {
        rung.progress(pts90k, now);
      }
    }
  }

  /** It has been given all that waits for it. */
  void workerReady(long now) {
    boolean behind = Ticks.toMs(backlog90k()) > context.settings.shedding().halveAbove().toMillis();
    catchUp = behind ? new CatchUp(now) : null;
  }

  void workerGone() {
    workerBacklog90k = 0;
    changedNanos = nowNanos;
    catchUp = null;
    stepAt90k = Long.MIN_VALUE;
    workerAt90k = Long.MIN_VALUE;
    heard = false;
    healthySince = Long.MAX_VALUE;
    wanted = Math.min(wanted, applied);
  }

  long backlog90k() {
    return context.feed.queuedMedia90k() + workerBacklog90k;
  }

  void tick(long now) {
    if (!running) {
      running = true;
      changedNanos = now;
    }
    nowNanos = now;
    SheddingSettings limits = context.settings.shedding();
    if (!context.feed.attached()) {
      context.dropGops = false;
      return;
    }
    long backlogMs = Ticks.toMs(backlog90k());
    if (heard && catchUp != null && !catchesUp(now, backlogMs, limits)) {
      catchUp = null;
    }
    if (stepAt90k != Long.MIN_VALUE && workerAt90k >= stepAt90k) {
      stepAt90k = Long.MIN_VALUE;
      catchUp = new CatchUp(now);
    }
    boolean waits = stepAt90k != Long.MIN_VALUE && backlogMs <= bearableMs(limits);
    boolean behind = heard && catchUp == null && !waits;
    heard = false;
    boolean settled = now - changedNanos >= limits.settle().toNanos();
    long limit = applied == 0 ? limits.halveAbove().toMillis() : limits.suspendAbove().toMillis();
    if (behind && settled && wanted == applied && applied < highest() && backlogMs > limit) {
      wanted = applied + 1;
      changedNanos = now;
      patience.steppedDown(now);
      if (wanted > 1) {
        suspendNow(candidates().get(wanted - 2), now);
      }
    }
    context.dropGops =
        catchUp == null && applied >= highest() && backlogMs > limits.dropAbove().toMillis();
    recover(now, backlogMs < limits.recoverBelow().toMillis(), limits);
  }

  /** Backlog up to which the last step is given the time to reach the worker. */
  private long bearableMs(SheddingSettings limits) {
    return applied > 1
        ? context.settings.lagLimit().toMillis()
        : limits.suspendAbove().multipliedBy(2).toMillis();
  }

  private void suspendNow(RungPackager rung, long now) {
    rung.discardOpen();
    rung.suspendFrom(rung.line().nextMsn());
    suspendedSince.put(rung.settings().name(), now);
    applied = wanted;
    stepAt90k = context.feed.newest90k();
    context.feed.rungsNow(switches());
    rung.drain(now);
    notice(true);
  }

  private boolean catchesUp(long now, long backlogMs, SheddingSettings limits) {
    return backlogMs > limits.recoverBelow().toMillis()
        && backlogMs <= context.settings.lagLimit().toMillis()
        && catchUp.falls(now, backlogMs, limits.settle().multipliedBy(2));
  }

  private void recover(long now, boolean healthy, SheddingSettings limits) {
    if (!healthy) {
      healthySince = Long.MAX_VALUE;
      return;
    }
    healthySince = Math.min(healthySince, now);
    boolean longEnough = now - healthySince >= patience.nanos();
    if (longEnough && wanted == applied && applied > 0 && mayResume(now, limits)) {
      wanted = applied - 1;
      healthySince = now;
      patience.steppedUp(now);
    }
  }

  private boolean mayResume(long now, SheddingSettings limits) {
    if (applied < 2) {
      return true;
    }
    String name = candidates().get(applied - 2).settings().name();
    return now - suspendedSince.getOrDefault(name, now) >= limits.minSuspend().toNanos();
  }

  private int highest() {
    int rungs = candidates().size();
    if (rungs == 0) {
      return 0;
    }
    boolean sourceStays = renditions.sourceListed() && !context.sourceEncoded;
    return sourceStays ? rungs + 1 : rungs;
  }

  private List<RungPackager> candidates() {
    boolean withSource = context.sourceEncoded && renditions.encodesSource();
    return withSource ? renditions.encoded() : renditions.rungs();
  }

  /** A segment starts: the step that waits takes effect. */
  void opened(Span span) {
    if (wanted == applied) {
      return;
    }
    boolean down = wanted > applied;
    applied = wanted;
    changedNanos = nowNanos;
    List<RungPackager> rungs = candidates();
    for (int i = 0; i < rungs.size(); i++) {
      RungPackager rung = rungs.get(i);
      String name = rung.settings().name();
      if (i <= applied - 2 && !suspended(name)) {
        rung.suspendFrom(span.msn);
        suspendedSince.put(name, nowNanos);
      } else if (i > applied - 2 && suspended(name)) {
        rung.resumeFrom(span.msn);
        suspendedSince.remove(name);
      }
    }
    context.feed.rungs(switches());
    stepAt90k = down ? span.start : Long.MIN_VALUE;
    notice(down);
  }

  private void notice(boolean down) {
    List<String> reduced =
        candidates().stream()
            .map(rung -> rung.settings().name())
            .filter(name -> !stateOf(name).equals("active"))
            .map(name -> name + " " + stateOf(name))
            .toList();
    context.notice(
        down ? "shed.down" : "shed.up",
        reduced.isEmpty()
            ? "Enough CPU again: all renditions are complete."
            : "Too little CPU: " + String.join(", ", reduced) + ".");
  }

  private List<RungSwitch> switches() {
    List<RungSwitch> switches = new ArrayList<>();
    List<RungPackager> rungs = candidates();
    for (int i = 0; i < rungs.size(); i++) {
      boolean active = i > applied - 2;
      int divisor = i == 0 && applied == 1 ? 2 : 1;
      switches.add(new RungSwitch(rungs.get(i).settings().name(), active, divisor));
    }
    return switches;
  }

  boolean suspended(String name) {
    return suspendedSince.containsKey(name);
  }

  long suspendedSince(String name) {
    return suspendedSince.getOrDefault(name, 0L);
  }

  String stateOf(String name) {
    if (suspended(name)) {
      return "suspended";
    }
    List<RungPackager> rungs = candidates();
    boolean thinned =
        applied == 1 && !rungs.isEmpty() && rungs.get(0).settings().name().equals(name);
    return thinned ? "thinned" : "active";
  }
}
