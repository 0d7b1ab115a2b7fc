package io.millrace.node.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that this process stood still (stopped, swapped out, a long collection): a thread of its
 * own stamps a monotonic clock, and whoever serves or takes something compares the stamp, so that
 * not even the first request after the pause is answered from what may be old. What is owned here
 * stays in doubt until its owner has confirmed it. Thread-safe; lost with the process.
 */
public final class PauseGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PauseGuard.class);
  private static final Duration BEAT = Duration.ofMillis(250);

  /** As the failure detector's acceptable pause: others may have given this node up. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final LongSupplier nanoTime;
  private final ConcurrentMap<String, Runnable> owners = new ConcurrentHashMap<>();
  private final Set<String> unconfirmed = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(PauseGuard::thread);
  private volatile long stamp;
  private volatile ScheduledFuture<?> beats;

  /**
   * @param nanoTime monotonic; {@link #beat} is called by whoever made the guard
   */
  public PauseGuard(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.stamp = nanoTime.getAsLong();
  }

  /** A guard that stamps the clock until it is closed. */
  public static PauseGuard start() {
    PauseGuard guard = new PauseGuard(System::nanoTime);
    guard.beats =
        guard.executor.scheduleWithFixedDelay(
            guard::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
    return guard;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "millrace-pause-guard");
    thread.setDaemon(true);
    return thread;
  }

  /** Stamps the clock; after a pause, everything that is owned here is in doubt first. */
  public void beat() {
    long gap = nanoTime.getAsLong() - stamp;
    if (gap > LIMIT.toNanos()) {
      unconfirmed.addAll(owners.keySet());
      LOG.warn(
          "this process stood still for {} ms; {} streams are checked before they go on",
          gap / 1_000_000,
          unconfirmed.size());
      owners.values().forEach(Runnable::run);
    }
    stamp = nanoTime.getAsLong();
  }

  /** The process has just woken and does not know what it missed. */
  public boolean paused() {
    return nanoTime.getAsLong() - stamp > LIMIT.toNanos();
  }

  /** The same for one stream: also while its owner here is not confirmed. */
  public boolean paused(String streamId) {
    return paused() || unconfirmed.contains(streamId);
  }

  /**
   * From now on {@code onPause} is called after each pause, on any thread; it must not block. The
   * stream is in doubt until {@link #confirmed}.
   */
  public void owned(String streamId, Runnable onPause) {
    owners.put(streamId, onPause);
  }

  /** The owner was confirmed after a pause. */
  public void confirmed(String streamId) {
    unconfirmed.remove(streamId);
  }

  /** Whoever registered {@code onPause} owns the stream no more. */
  public void disowned(String streamId, Runnable onPause) {
    if (owners.remove(streamId, onPause)) {
      unconfirmed.remove(streamId);
    }
  }

  @Override
  public void close() {
    if (beats != null) {
      beats.cancel(false);
    }
    executor.shutdown();
  }
}
