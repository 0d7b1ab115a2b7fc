package io.millrace.node.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class CrowdTest {
  private final ParkingLot lot =
      new ParkingLot(EdgeSettingsSamples.of(Duration.ofSeconds(1), 1, 20_000));

  @Test
  void answersTenThousandOnOtherThreadsThanTheOneThatBringsTheAnswer() throws Exception {
    ExecutorService dispatcher = Executors.newFixedThreadPool(2);
    try {
      lot.answerOn(dispatcher);
      Crowd<String> crowd = new Crowd<>(lot);
      CountDownLatch answered = new CountDownLatch(10_000);
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      for (int i = 0; i < 10_000; i++) {
        var unused =
            crowd
                .join()
                .orElseThrow()
                .thenApply(String::length)
                .thenAccept(
                    length -> {
                      threads.add(Thread.currentThread());
                      answered.countDown();
                    });
      }
      assertThat(lot.parked()).isEqualTo(10_000);
      assertThat(crowd.answer("there")).isEqualTo(10_000);
      assertThat(lot.parked()).isZero();
      assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(threads).doesNotContain(Thread.currentThread());
    } finally {
      dispatcher.shutdownNow();
    }
  }

  @Test
  void handsTheAnswerToTheDispatcherInGroups() {
    List<Runnable> handed = new ArrayList<>();
    lot.answerOn(handed::add);
    Crowd<String> crowd = new Crowd<>(lot);
    List<CompletableFuture<String>> waiting = new ArrayList<>();
    for (int i = 0; i < 2 * Crowd.GROUP + 1; i++) {
      waiting.add(crowd.join().orElseThrow().toCompletableFuture());
    }
    crowd.answer("there");
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
    assertThat(handed).hasSize(3);
    handed.forEach(Runnable::run);
    assertThat(waiting).allMatch(w -> w.isDone() && w.join().equals("there"));
  }

  @Test
  void isAnsweredOnce() {
    Crowd<String> crowd = new Crowd<>(lot);
    CompletableFuture<String> waiting = crowd.join().orElseThrow().toCompletableFuture();
    assertThat(crowd.answer("first")).isEqualTo(1);
    assertThat(crowd.answer("second")).isZero();
    assertThat(waiting.join()).isEqualTo("first");
    assertThat(crowd.isOver()).isTrue();
    assertThat(crowd.join()).isEmpty();
    assertThat(lot.parked()).isZero();
  }

  @Test
  void failsAllWhoWait() {
    Crowd<String> crowd = new Crowd<>(lot);
    CompletableFuture<String> waiting = crowd.join().orElseThrow().toCompletableFuture();
    crowd.fail(new IllegalStateException("away"));
    assertThatThrownBy(waiting::join)
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("away");
  }

  @Test
  void letsNobodyInWhenTheNodeIsFull() {
    ParkingLot small = new ParkingLot(EdgeSettingsSamples.of(Duration.ofSeconds(1), 1, 2));
    Crowd<String> crowd = new Crowd<>(small);
    Crowd<String> other = new Crowd<>(small);
    assertThat(crowd.join()).isPresent();
    assertThat(other.join()).isPresent();
    assertThat(crowd.join()).isEmpty();
    assertThat(crowd.isOver()).isFalse();
    other.answer("there");
    assertThat(crowd.join()).isPresent();
  }

  @Test
  void runsItsTimerUnlessAllHaveBeenAnswered() {
    Crowd<String> late = new Crowd<>(lot);
    CompletableFuture<String> waiting = late.join().orElseThrow().toCompletableFuture();
    late.after(1, () -> late.answer("deadline"));
    assertThat(waiting.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo("deadline");
    Crowd<String> early = new Crowd<>(lot);
    CompletableFuture<Void> ran = new CompletableFuture<>();
    early.after(60_000, () -> ran.complete(null));
    early.answer("there");
    early.after(0, () -> ran.complete(null));
    assertThat(ran).isNotDone();
  }
}
