package io.millrace.media.worker;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * All worker processes of a node: starts them, watches over them, and keeps one started spare, so
 * that a new stream and a restart do not wait for a JVM. Thread-safe; one per node. Worker
 * processes end by themselves when the node is gone, as their stdin then closes.
 */
public final class WorkerPool implements WorkerLauncher, AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(250);

  /** After one was taken, and while a worker that is needed is starting: that one goes first. */
  private static final long SPARE_DELAY_MS = 1_000;

  private final WorkerSettings settings;
  private final ScheduledExecutorService scheduler;
  private final Set<WorkerProcess> processes = new HashSet<>();
  private WorkerProcess spare;
  private boolean spareComing;
  private boolean closed;
  private int started;

  public WorkerPool(WorkerSettings settings) {
    this.settings = settings;
    scheduler =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "worker-watchdog");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        scheduler.scheduleWithFixedDelay(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    orderSpare(0);
  }

  @Override
  public WorkerPort start(WorkerListener listener) {
    WorkerProcess taken = takeSpare();
    if (taken == null || !taken.attach(listener)) {
      taken = launch(listener);
    }
    orderSpare(SPARE_DELAY_MS);
    return taken;
  }

  private synchronized WorkerProcess takeSpare() {
    WorkerProcess taken = spare;
    spare = null;
    return taken;
  }

  private synchronized WorkerProcess launch(WorkerListener listener) {
    WorkerProcess[] self = new WorkerProcess[1];
    started++;
    self[0] = new WorkerProcess(settings, "worker-" + started, TICK, listener, () -> gone(self));
    processes.add(self[0]);
    return self[0];
  }

  private synchronized void gone(WorkerProcess[] self) {
    processes.remove(self[0]);
    if (self[0] == spare) {
      spare = null;
      orderSpare(SPARE_DELAY_MS);
    }
  }

  private synchronized void orderSpare(long delayMs) {
    if (closed || settings.spares() == 0 || spare != null || spareComing) {
      return;
    }
    spareComing = true;
    var unused = scheduler.schedule(this::startSpare, delayMs, TimeUnit.MILLISECONDS);
  }

  private synchronized void startSpare() {
    spareComing = false;
    if (closed || spare != null) {
      return;
    }
    if (processes.stream().allMatch(WorkerProcess::isReady)) {
      spare = launch(null);
    } else {
      orderSpare(SPARE_DELAY_MS);
    }
  }

  /** True when a stream that starts now gets a process that is up already. */
  public synchronized boolean spareReady() {
    return spare != null && spare.isReady();
  }

  private void tick() {
    Set<WorkerProcess> now;
    synchronized (this) {
      now = Set.copyOf(processes);
    }
    now.forEach(WorkerProcess::tick);
  }

  /** Kills every worker that is left. */
  @Override
  public void close() {
    Set<WorkerProcess> left;
    synchronized (this) {
      closed = true;
      left = Set.copyOf(processes);
    }
    scheduler.shutdownNow();
    left.forEach(process -> process.kill("node stops"));
  }
}
