package io.millrace.node.store.redis;

import io.millrace.node.placement.DirectoryEntry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What the directory answered a moment ago: one question to the store per stream and time to live,
 * however many ask. Unknown streams are remembered too. What was known of a stream that had not
 * ended is still the answer while the store has none: its owner lives on without it. Bounded: the
 * least recently asked go first; too many questions at once are refused. Thread-safe.
 */
final class DirectoryCache {
  /**
   * @param last what to answer for want of anything newer
   */
  private record Answer(
      CompletableFuture<Optional<DirectoryEntry>> value,
      long expiresAtNanos,
      Optional<DirectoryEntry> last) {}

  private final Duration timeToLive;
  private final int maxQuestions;
  private final LongSupplier nanoTime;
  private final Map<String, Answer> answers;
  private int questions;

  /**
   * @param timeToLive also how long an answer is waited for when there is an older one
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
    Optional<DirectoryEntry> last;
    synchronized (this) {
      Answer known = answers.get(streamId);
      if (known != null && known.expiresAtNanos() - nanoTime.getAsLong() > 0) {
        return known.value().minimalCompletionStage();
      }
      last = known == null ? Optional.empty() : known.last();
      if (questions >= maxQuestions) {
        return last.isPresent() ? CompletableFuture.completedStage(last) : tooManyQuestions();
      }
      questions++;
      remember(streamId, mine, last);
    }
    if (last.isPresent()) {
      mine.completeOnTimeout(last, timeToLive.toMillis(), TimeUnit.MILLISECONDS);
    }
    ask(streamId, store, mine, last);
    return mine.minimalCompletionStage();
  }

  private CompletionStage<Optional<DirectoryEntry>> tooManyQuestions() {
    return CompletableFuture.failedStage(
        new RejectedExecutionException(
            "directory: " + questions + " questions wait (expected: fewer)"));
  }

  /** This node knows better: it has just written or read the entry. */
  synchronized void put(String streamId, Optional<DirectoryEntry> entry) {
    remember(streamId, entry);
  }

  /** What is remembered may be wrong. */
  synchronized void forget(String streamId) {
    answers.remove(streamId);
  }

  private void ask(
      String streamId,
      Function<String, CompletionStage<Optional<DirectoryEntry>>> store,
      CompletableFuture<Optional<DirectoryEntry>> mine,
      Optional<DirectoryEntry> last) {
    store
        .apply(streamId)
        .whenComplete(
            (entry, error) -> {
              if (error == null) {
                onAnswer(streamId, mine, entry);
                mine.complete(entry);
              } else if (last.isPresent()) {
                onAnswer(streamId, mine, last);
                mine.complete(last);
              } else {
                onFailure(streamId, mine);
                mine.completeExceptionally(error);
              }
            });
  }

  private synchronized void onAnswer(
      String streamId,
      CompletableFuture<Optional<DirectoryEntry>> mine,
      Optional<DirectoryEntry> entry) {
    questions--;
    if (isNewest(streamId, mine)) {
      remember(streamId, entry);
    }
  }

  private synchronized void onFailure(
      String streamId, CompletableFuture<Optional<DirectoryEntry>> mine) {
    questions--;
    if (isNewest(streamId, mine)) {
      answers.remove(streamId);
    }
  }

  private boolean isNewest(String streamId, CompletableFuture<Optional<DirectoryEntry>> mine) {
    Answer known = answers.get(streamId);
    return known != null && known.value() == mine;
  }

  private void remember(String streamId, Optional<DirectoryEntry> entry) {
    remember(
        streamId,
        CompletableFuture.completedFuture(entry),
        entry.filter(known -> !known.hasEnded()));
  }

  private void remember(
      String streamId,
      CompletableFuture<Optional<DirectoryEntry>> value,
      Optional<DirectoryEntry> last) {
    long expiresAtNanos = nanoTime.getAsLong() + timeToLive.toNanos();
    answers.put(streamId, new Answer(value, expiresAtNanos, last));
  }
}
