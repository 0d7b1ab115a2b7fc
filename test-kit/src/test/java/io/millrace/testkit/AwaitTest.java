package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {

  @Test
  void returnsTheFirstValue() {
    AtomicInteger calls = new AtomicInteger();

    int value =
        Await.value(
            "third call",
            Duration.ofSeconds(10),
            () -> calls.incrementAndGet() < 3 ? Optional.empty() : Optional.of(calls.get()));

    assertThat(value).isEqualTo(3);
  }

  @Test
  void failsWithTheReasonAndTheLastException() {
    assertThatThrownBy(
            () ->
                Await.until(
                    "pigs fly",
                    Duration.ZERO,
                    () -> {
                      throw new IOException("grounded");
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("pigs fly")
        .hasRootCauseMessage("grounded");
  }
}
