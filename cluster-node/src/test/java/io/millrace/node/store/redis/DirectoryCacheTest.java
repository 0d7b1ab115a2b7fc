package io.millrace.node.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.placement.DirectoryEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DirectoryCacheTest {
  private static final DirectoryEntry ENTRY = new DirectoryEntry("cam", 7, "LIVE", "n1", 3, 1);

  private static final DirectoryEntry NEXT = new DirectoryEntry("cam", 7, "LIVE", "n2", 4, 1);

  private final Queue<CompletableFuture<Optional<DirectoryEntry>>> asked = new ArrayDeque<>();
  private long nowNanos = 5;
  private final DirectoryCache cache =
      new DirectoryCache(Duration.ofSeconds(1), 2, 2, () -> nowNanos);

  private CompletableFuture<Optional<DirectoryEntry>> get(String streamId) {
    return cache.get(streamId, this::ask).toCompletableFuture();
  }

  private CompletionStage<Optional<DirectoryEntry>> ask(String streamId) {
    CompletableFuture<Optional<DirectoryEntry>> answer = new CompletableFuture<>();
    asked.add(answer);
    return answer;
  }

  @Test
  void asksOnceForAllWhoAskAtOnce() {
    var first = get("cam");
    var second = get("cam");
    assertThat(asked).hasSize(1);
    asked.remove().complete(Optional.of(ENTRY));
    assertThat(first).isCompletedWithValue(Optional.of(ENTRY));
    assertThat(second).isCompletedWithValue(Optional.of(ENTRY));
  }

  @Test
  void remembersUnknownStreamsAndAsksAgainAfterItsTime() {
    var unused = get("cam");
    asked.remove().complete(Optional.empty());
    assertThat(get("cam")).isCompletedWithValue(Optional.empty());
    assertThat(asked).isEmpty();
    nowNanos += Duration.ofSeconds(1).toNanos();
    assertThat(get("cam")).isNotDone();
    assertThat(asked).hasSize(1);
  }

  @Test
  void remembersNoFailure() {
    var failed = get("cam");
    asked.remove().completeExceptionally(new IllegalStateException("no answer"));
    assertThat(failed).isCompletedExceptionally();
    assertThat(get("cam")).isNotDone();
  }

  @Test
  void answersWithWhatItKnewOfALivingStreamWhileTheStoreFails() {
    cache.put("cam", Optional.of(ENTRY));
    for (int i = 0; i < 3; i++) {
      nowNanos += Duration.ofSeconds(1).toNanos();
      var stale = get("cam");
      asked.remove().completeExceptionally(new IllegalStateException("no answer"));
      assertThat(stale).isCompletedWithValue(Optional.of(ENTRY));
      assertThat(get("cam")).isCompletedWithValue(Optional.of(ENTRY));
      assertThat(asked).isEmpty();
    }
    nowNanos += Duration.ofSeconds(1).toNanos();
    var gone = get("cam");
    asked.remove().complete(Optional.empty());
    assertThat(gone).isCompletedWithValue(Optional.empty());
    nowNanos += Duration.ofSeconds(1).toNanos();
    var failed = get("cam");
    asked.remove().completeExceptionally(new IllegalStateException("no answer"));
    assertThat(failed).isCompletedExceptionally();
  }

  @Test
  void answersWithWhatItKnewWhenTheStoreHangs() throws Exception {
    Duration shortTime = Duration.ofMillis(10);
    DirectoryCache hasty = new DirectoryCache(shortTime, 2, 1, () -> nowNanos);
    hasty.put("cam", Optional.of(ENTRY));
    nowNanos += shortTime.toNanos();
    var stale = hasty.get("cam", this::ask).toCompletableFuture();
    assertThat(stale.get(10, TimeUnit.SECONDS)).contains(ENTRY);
    nowNanos += shortTime.toNanos();
    assertThat(hasty.get("cam", this::ask).toCompletableFuture())
        .as("one question too many")
        .isCompletedWithValue(Optional.of(ENTRY));
    asked.remove().complete(Optional.of(NEXT));
    assertThat(asked).isEmpty();
    assertThat(hasty.get("cam", this::ask).toCompletableFuture())
        .isCompletedWithValue(Optional.of(NEXT));
  }

  @Test
  void doesNotTakeAStreamForEndedBecauseItOnceWas() {
    cache.put("cam", Optional.of(new DirectoryEntry("cam", 7, "ENDED", "n1", 3, 1)));
    nowNanos += Duration.ofSeconds(1).toNanos();
    var failed = get("cam");
    asked.remove().completeExceptionally(new IllegalStateException("no answer"));
    assertThat(failed).isCompletedExceptionally();
  }

  @Test
  void refusesTooManyQuestionsAtOnce() {
    var first = get("a");
    var second = get("b");
    assertThatThrownBy(() -> get("c").join())
        .hasRootCauseInstanceOf(RejectedExecutionException.class);
    asked.remove().complete(Optional.empty());
    assertThat(first).isDone();
    assertThat(second).isNotDone();
    assertThat(get("c")).isNotDone();
  }

  @Test
  void forgetsTheLeastRecentlyAsked() {
    cache.put("a", Optional.of(ENTRY));
    cache.put("b", Optional.of(ENTRY));
    assertThat(get("a")).isDone();
    cache.put("c", Optional.of(ENTRY));
    assertThat(get("a")).isDone();
    assertThat(get("b")).isNotDone();
  }
}
