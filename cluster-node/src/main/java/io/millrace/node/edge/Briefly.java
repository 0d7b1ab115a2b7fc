package io.millrace.node.edge;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Answers that all who ask within a short time share, also while they are on their way. Bounded;
 * thread-safe.
 */
final class Briefly<K, V> {
  private record Answer<V>(CompletionStage<V> stage, long untilNanos) {}

  private final long keepNanos;
  private final int maxKept;
  private final LongSupplier nanoClock;
  private final ConcurrentMap<K, Answer<V>> answers = new ConcurrentHashMap<>();

  Briefly(Duration keep, int maxKept, LongSupplier nanoClock) {
    this.keepNanos = keep.toNanos();
    this.maxKept = maxKept;
    this.nanoClock = nanoClock;
  }

  CompletionStage<V> get(K key, Supplier<CompletionStage<V>> ask) {
    long now = nanoClock.getAsLong();
    Answer<V> present = answers.get(key);
    if (present != null && present.untilNanos() - now > 0) {
      return present.stage();
    }
    if (answers.size() >= maxKept) {
      answers.values().removeIf(answer -> answer.untilNanos() - now <= 0);
    }
    if (answers.size() >= maxKept) {
      return ask.get();
    }
    return answers.compute(key, (k, other) -> fresh(other, now, ask)).stage();
  }

  private Answer<V> fresh(Answer<V> other, long now, Supplier<CompletionStage<V>> ask) {
    return other != null && other.untilNanos() - now > 0
        ? other
        : new Answer<>(ask.get(), now + keepNanos);
  }
}
