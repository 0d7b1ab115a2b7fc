package io.millrace.node.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Runs blocking work on an executor, one at a time and in order for the same key. Keys share a
 * fixed number of stripes.
 */
final class StripedSerial {
  private static final int STRIPES = 64;

  private final Executor executor;
  private final List<Stripe> stripes = new ArrayList<>(STRIPES);

  StripedSerial(Executor executor) {
    this.executor = executor;
    for (int i = 0; i < STRIPES; i++) {
      stripes.add(new Stripe());
    }
  }

  <T> CompletionStage<T> submit(String key, Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    stripes
        .get(Math.floorMod(key.hashCode(), STRIPES))
        .append(() -> complete(result, work), executor);
    return result;
  }

  private static <T> void complete(CompletableFuture<T> result, Callable<T> work) {
    try {
      result.complete(work.call());
    } catch (Exception e) {
      result.completeExceptionally(e);
    }
  }

  private static final class Stripe {
    private CompletableFuture<Void> tail = CompletableFuture.completedFuture(null);

    synchronized void append(Runnable task, Executor executor) {
      tail =
          tail.handleAsync(
              (done, error) -> {
                task.run();
                return null;
              },
              executor);
    }
  }
}
