package io.millrace.node.edge;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Requests that wait for the same thing share one promise, which ends with a fallback after a
 * deadline; who comes later waits on a new one. Thread-safe.
 */
final class Parked<T> {
  private final T fallback;
  private final long parkMillis;
  private final AtomicReference<CompletableFuture<T>> promise = new AtomicReference<>();

  /**
   * @param parkMillis from the first who waits
   */
  Parked(T fallback, long parkMillis) {
    this.fallback = fallback;
    this.parkMillis = parkMillis;
  }

  /** The caller looks again after this whether what it waits for is there. */
  CompletableFuture<T> promise() {
    return promise.updateAndGet(
        current ->
            current != null && !current.isDone()
                ? current
                : new CompletableFuture<T>()
                    .completeOnTimeout(fallback, parkMillis, TimeUnit.MILLISECONDS));
  }

  /** All who wait now get {@code value}. */
  void complete(T value) {
    CompletableFuture<T> waiting = promise.getAndSet(null);
    if (waiting != null) {
      waiting.complete(value);
    }
  }
}
