package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
  private final Deque<Runnable> turns = new ArrayDeque<>();
  private final List<RuntimeException> failures = new ArrayList<>();
  private final List<String> ran = new ArrayList<>();
  private final SerialExecutor executor = new SerialExecutor(turns::add, 100, failures::add);

  private void runTurns() {
    while (!turns.isEmpty()) {
      turns.removeFirst().run();
    }
  }

  @Test
  void runsTasksInOrderAndGivesTheThreadBack() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String name = String.valueOf(i);
      expected.add(name);
      executor.execute(() -> ran.add(name));
    }
    assertThat(turns).hasSize(1);
    turns.removeFirst().run();
    assertThat(ran).hasSizeLessThan(100);
    runTurns();
    assertThat(ran).isEqualTo(expected);
  }

  @Test
  void failsWhenTooManyTasksWait() {
    for (int i = 0; i < 101; i++) {
      executor.execute(() -> ran.add("task"));
    }
    assertThat(failures).singleElement().isInstanceOf(RejectedExecutionException.class);
    runTurns();
    assertThat(ran).hasSize(100);
    executor.execute(() -> ran.add("later"));
    runTurns();
    assertThat(ran).endsWith("later");
  }

  @Test
  void runsTheLastTaskAfterWhatWaitsAndNothingAfterIt() {
    executor.execute(() -> ran.add("first"));
    assertThat(executor.shutDown(() -> ran.add("last"))).isTrue();
    assertThat(executor.shutDown(() -> ran.add("again"))).isFalse();
    executor.execute(() -> ran.add("late"));
    runTurns();
    assertThat(ran).containsExactly("first", "last");
  }

  @Test
  void goesOnAfterATaskThatFails() {
    IllegalStateException error = new IllegalStateException("broken");
    executor.execute(
        () -> {
          throw error;
        });
    executor.execute(() -> ran.add("next"));
    runTurns();
    assertThat(failures).containsExactly(error);
    assertThat(ran).containsExactly("next");
  }

  @Test
  void runsATaskAtOnceOnAThreadOfTheExecutor() {
    executor.executeHere(() -> ran.add("here"));
    assertThat(ran).containsExactly("here");
    assertThat(turns).isEmpty();
  }

  @Test
  void leavesATaskToTheTurnThatRunsElsewhere() {
    executor.execute(() -> ran.add("first"));
    executor.executeHere(() -> ran.add("second"));
    assertThat(ran).isEmpty();
    runTurns();
    assertThat(ran).containsExactly("first", "second");
  }
}
