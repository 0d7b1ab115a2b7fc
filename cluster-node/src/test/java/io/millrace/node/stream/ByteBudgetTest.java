package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ByteBudgetTest {
  private final ByteBudget budget = new ByteBudget(100);

  private Thread sender(CompletableFuture<Boolean> result) {
    Thread thread = new Thread(() -> result.complete(budget.acquire(60)), "sender");
    thread.start();
    Await.until(
        "the sender waits",
        Duration.ofSeconds(20),
        () -> thread.getState() == Thread.State.WAITING);
    return thread;
  }

  @Test
  void letsTheSenderWaitUntilThereIsRoom() {
    assertThat(budget.acquire(60)).isTrue();
    CompletableFuture<Boolean> second = new CompletableFuture<>();
    sender(second);
    assertThat(second).isNotDone();
    budget.release(60);
    assertThat(second.join()).isTrue();
    assertThat(budget.acquire(40)).isTrue();
  }

  @Test
  void letsTheSenderGoWhenItIsClosed() {
    assertThat(budget.acquire(60)).isTrue();
    CompletableFuture<Boolean> second = new CompletableFuture<>();
    sender(second);
    budget.close();
    assertThat(second.join()).isFalse();
  }

  @Test
  void letsAnInterruptedSenderGo() {
    assertThat(budget.acquire(60)).isTrue();
    CompletableFuture<Boolean> second = new CompletableFuture<>();
    sender(second).interrupt();
    assertThat(second.join()).isFalse();
    assertThat(budget.acquire(40)).isTrue();
  }

  @Test
  void refusesWhatCouldNeverFit() {
    assertThatThrownBy(() -> budget.acquire(101)).isInstanceOf(IllegalArgumentException.class);
  }
}
