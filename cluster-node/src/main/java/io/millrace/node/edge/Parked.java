package io.millrace.node.edge;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Requests that wait for the same thing share one promise, which ends with a fallback after a
 * deadline; who comes later waits on a new one. Thread-safe.
 */
final class Parked<T> {
  private final T fallback;
  private final ParkingLot lot;
  private final AtomicReference<Crowd<T>> crowd = new AtomicReference<>();

  /** The deadline is {@link ParkingLot#startMillis} after the first who waits. */
  Parked(T fallback, ParkingLot lot) {
    this.fallback = fallback;
    this.lot = lot;
  }

  /** The caller looks again after this whether what it waits for is there. */
  CompletionStage<T> join() {
    return crowd
        .updateAndGet(current -> current != null && !current.isOver() ? current : fresh())
        .join()
        .orElseGet(() -> CompletableFuture.completedFuture(fallback));
  }

  private Crowd<T> fresh() {
    Crowd<T> fresh = new Crowd<>(lot);
    fresh.after(lot.startMillis(), () -> fresh.answer(fallback));
    return fresh;
  }

  /** All who wait now get {@code value}. */
  void complete(T value) {
    Crowd<T> waiting = crowd.getAndSet(null);
    if (waiting != null) {
      waiting.answer(value);
    }
  }
}
