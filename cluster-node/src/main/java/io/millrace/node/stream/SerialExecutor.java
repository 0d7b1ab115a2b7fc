package io.millrace.node.stream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time and in order on a shared executor; gives the thread back after some, so
 * that streams share it fairly. Bounded: callers keep what they submit below the capacity by bounds
 * of their own (one drain, one tick, a {@link ByteBudget} of worker events), and a task too many is
 * a failure.
 */
final class SerialExecutor implements Executor {
  private static final int TASKS_PER_TURN = 64;

  private final Executor executor;
  private final int capacity;
  private final Consumer<RuntimeException> onFailure;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicBoolean shutDown = new AtomicBoolean();
  private volatile boolean finished;

  /**
   * @param capacity tasks that wait at most
   * @param onFailure takes what a task threw, on the task's thread, or that there were too many
   *     tasks, on the caller's; later tasks still run
   */
  SerialExecutor(Executor executor, int capacity, Consumer<RuntimeException> onFailure) {
    this.executor = executor;
    this.capacity = capacity;
    this.onFailure = onFailure;
  }

  /** A task after {@link #shutDown} is dropped. */
  @Override
  public void execute(Runnable task) {
    if (admit(task)) {
      schedule();
    }
  }

  /**
   * The same, called on a thread of the executor, which this call may use for a turn instead of
   * waking another one.
   */
  void executeHere(Runnable task) {
    if (admit(task) && scheduled.compareAndSet(false, true)) {
      runTurn();
    }
  }

  private boolean admit(Runnable task) {
    if (shutDown.get()) {
      return false;
    }
    if (waiting.incrementAndGet() > capacity) {
      waiting.decrementAndGet();
      onFailure.accept(
          new RejectedExecutionException(
              "waiting tasks: " + (capacity + 1) + " (expected: at most " + capacity + ")"));
      return false;
    }
    tasks.add(task);
    return true;
  }

  /**
   * Ends with {@code last}, after what waits; there is always room for it.
   *
   * @return false when it was shut down before
   */
  boolean shutDown(Runnable last) {
    if (!shutDown.compareAndSet(false, true)) {
      return false;
    }
    waiting.incrementAndGet();
    tasks.add(
        () -> {
          finished = true;
          last.run();
        });
    schedule();
    return true;
  }

  private void schedule() {
    if (!tasks.isEmpty() && scheduled.compareAndSet(false, true)) {
      executor.execute(this::runTurn);
    }
  }

  private void runTurn() {
    try {
      for (int i = 0; i < TASKS_PER_TURN; i++) {
        Runnable task = tasks.poll();
        if (task == null) {
          break;
        }
        waiting.decrementAndGet();
        if (!finished) {
          runOne(task);
        }
      }
    } finally {
      scheduled.set(false);
      schedule();
    }
  }

  private void runOne(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      onFailure.accept(e);
    }
  }
}
