package io.millrace.node.store.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Runs asynchronous work one after the other for the same key, so that a write that is tried again
 * never comes after a later one. Thread-safe.
 */
final class InOrder {
  private final ConcurrentMap<String, CompletableFuture<Void>> tails = new ConcurrentHashMap<>();

  CompletionStage<Void> submit(String key, Supplier<CompletionStage<Void>> work) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    CompletableFuture<Void> before = tails.put(key, result);
    CompletionStage<Void> start =
        before == null ? CompletableFuture.completedStage(null) : before.exceptionally(e -> null);
    start
        .thenCompose(done -> work.get())
        .whenComplete(
            (done, error) -> {
              tails.remove(key, result);
              if (error == null) {
                result.complete(null);
              } else {
                result.completeExceptionally(error);
              }
            });
    return result.minimalCompletionStage();
  }

  boolean isBusy(String key) {
    return tails.containsKey(key);
  }
}
