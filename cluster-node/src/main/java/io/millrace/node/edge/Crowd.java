package io.millrace.node.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Requests that wait for the same answer: one promise and one timer for all of them. They are
 * answered in groups on the node's dispatcher, so that ten thousand neither hold up the thread that
 * brings the answer nor run one after another. Thread-safe.
 */
final class Crowd<T> {
  /** Answering a group takes about a millisecond. */
  static final int GROUP = 128;

  private final ParkingLot lot;
  private final List<CompletableFuture<T>> groups = new ArrayList<>();
  private CompletableFuture<Void> timer;
  private int waiting;
  private boolean over;

  Crowd(ParkingLot lot) {
    this.lot = lot;
  }

  /**
   * Waits with the others.
   *
   * @return empty: the answer has gone out already (ask for what is there now), or nobody else may
   *     wait on this node
   */
  synchronized Optional<CompletionStage<T>> join() {
    if (over || !lot.enter()) {
      return Optional.empty();
    }
    if (waiting % GROUP == 0) {
      groups.add(new CompletableFuture<>());
    }
    waiting++;
    return Optional.of(groups.get(groups.size() - 1));
  }

  synchronized boolean isOver() {
    return over;
  }

  /** Runs {@code then} after the time, unless all have been answered by then. */
  synchronized void after(long millis, Runnable then) {
    if (over) {
      return;
    }
    timer = new CompletableFuture<Void>().completeOnTimeout(null, millis, TimeUnit.MILLISECONDS);
    var unused = timer.thenRun(then);
  }

  /**
   * All who wait get the answer.
   *
   * @return how many
   */
  int answer(T value) {
    return end(group -> group.complete(value));
  }

  /** All who wait fail. */
  int fail(Throwable cause) {
    return end(group -> group.completeExceptionally(cause));
  }

  private int end(Consumer<CompletableFuture<T>> how) {
    List<CompletableFuture<T>> all;
    synchronized (this) {
      if (over) {
        return 0;
      }
      over = true;
      all = List.copyOf(groups);
      if (timer != null) {
        timer.cancel(false);
      }
    }
    lot.leave(waiting);
    all.forEach(group -> lot.answerOn().execute(() -> how.accept(group)));
    return waiting;
  }
}
