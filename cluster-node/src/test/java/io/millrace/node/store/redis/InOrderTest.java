package io.millrace.node.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InOrderTest {
  private final InOrder inOrder = new InOrder();
  private final List<String> started = new ArrayList<>();

  @Test
  void startsTheNextWhenTheLastIsDoneWhateverCameOfIt() {
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Void> second = new CompletableFuture<>();
    var firstDone = submit("a", "first", first).toCompletableFuture();
    var secondDone = submit("a", "second", second).toCompletableFuture();
    assertThat(started).containsExactly("first");
    first.completeExceptionally(new IllegalStateException("no answer"));
    assertThat(firstDone).isCompletedExceptionally();
    assertThat(started).containsExactly("first", "second");
    second.complete(null);
    assertThat(secondDone).isCompleted();
    assertThat(inOrder.isBusy("a")).isFalse();
  }

  @Test
  void doesNotWaitForOtherKeys() {
    var a = submit("a", "first", new CompletableFuture<>());
    var b = submit("b", "second", new CompletableFuture<>());
    assertThat(started).containsExactly("first", "second");
    assertThat(a).isNotSameAs(b);
    assertThat(inOrder.isBusy("a")).isTrue();
  }

  private java.util.concurrent.CompletionStage<Void> submit(
      String key, String name, CompletableFuture<Void> work) {
    return inOrder.submit(
        key,
        () -> {
          started.add(name);
          return work;
        });
  }
}
