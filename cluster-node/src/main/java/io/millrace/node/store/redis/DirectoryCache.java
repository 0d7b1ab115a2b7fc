package io.millrace.node.store.redis;

import io.millrace.node.placement.DirectoryEntry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What the directory answered a moment ago: one question to the store per stream and time to live,
 * however many ask. Unknown streams are remembered too. Bounded: the least recently asked go first;
 * too many questions at once are refused. Thread-safe.
 */
final class DirectoryCache {
  private record Answer(CompletableFuture<Optional<DirectoryEntry>> value, long expiresAtNanos) {}

  private final Duration timeToLive;
  private final int maxQuestions;
  private final LongSupplier nanoTime;
  private final Map<String, Answer> answers;
  private int questions;

  /**
   * @param maxQuestions to the store at once
   */
  DirectoryCache(Duration timeToLive, int maxEntries, int maxQuestions, LongSupplier nanoTime) {
    this.timeToLive = timeToLive;
    this.maxQuestions = maxQuestions;
    this.nanoTime = nanoTime;
    this.answers =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > maxEntries;
          }
        };
  }

  CompletionStage<Optional<DirectoryEntry>> get(
      String streamId, Function<String, CompletionStage<Optional<DirectoryEntry>>> store) {
    CompletableFuture<Optional<DirectoryEntry>> mine = new CompletableFuture<>();
    synchronized (this) {
      Answer known = answers.get(streamId);
      if (known != null && known.expiresAtNanos() - nanoTime.getAsLong() > 0) {
        return known.value().minimalCompletionStage();
      }
      if (questions >= maxQuestions) {
        return CompletableFuture.failedStage(
            new RejectedExecutionException(
                "directory: " + questions + " questions wait (expected: fewer)"));
      }
      questions++;
      remember(streamId, mine);
    }
    ask(streamId, store, mine);
    return mine.minimalCompletionStage();
  }

  /** This node knows better: it has just written or read the entry. */
  synchronized void put(String streamId, Optional<DirectoryEntry> entry) {
    remember(streamId, CompletableFuture.completedFuture(entry));
  }

  /** What is remembered may be wrong. */
  synchronized void forget(String streamId) {
    answers.remove(streamId);
  }

  private void ask(
      String streamId,
      Function<String, CompletionStage<Optional<DirectoryEntry>>> store,
      CompletableFuture<Optional<DirectoryEntry>> mine) {
    store
        .apply(streamId)
        .whenComplete(
            (entry, error) -> {
              onAnswer(streamId, mine, error != null);
              if (error != null) {
                mine.completeExceptionally(error);
              } else {
                mine.complete(entry);
              }
            });
  }

  private synchronized void onAnswer(
      String streamId, CompletableFuture<Optional<DirectoryEntry>> mine, boolean failed) {
    questions--;
    Answer known = answers.get(streamId);
    if (failed && known != null && known.value() == mine) {
      answers.remove(streamId);
    }
  }

  private void remember(String streamId, CompletableFuture<Optional<DirectoryEntry>> value) {
    answers.put(streamId, new Answer(value, nanoTime.getAsLong() + timeToLive.toNanos()));
  }
}
