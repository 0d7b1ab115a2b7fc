package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecoveryPatienceTest {
  private static final long SECOND = 1_000_000_000L;

  private final RecoveryPatience patience = new RecoveryPatience(Duration.ofSeconds(10));
  private long now = -5 * SECOND;

  private long afterHolding(long seconds) {
    patience.steppedUp(now);
    now += seconds * SECOND;
    patience.steppedDown(now);
    return patience.nanos() / SECOND;
  }

  @Test
  void doublesWithEachStepThatDoesNotHoldUpToABound() {
    patience.steppedDown(now);
    assertThat(patience.nanos()).isEqualTo(10 * SECOND);
    assertThat(afterHolding(20)).isEqualTo(20);
    assertThat(afterHolding(299)).isEqualTo(40);
    assertThat(afterHolding(20)).isEqualTo(80);
    assertThat(afterHolding(20)).isEqualTo(80);
  }

  @Test
  void countsStepsDownInARowOnce() {
    assertThat(afterHolding(5)).isEqualTo(20);
    patience.steppedDown(now + SECOND);
    assertThat(patience.nanos()).isEqualTo(20 * SECOND);
  }

  @Test
  void startsAnewWhenAStepHasHeldForLong() {
    assertThat(afterHolding(20)).isEqualTo(20);
    assertThat(afterHolding(20)).isEqualTo(40);
    assertThat(afterHolding(300)).isEqualTo(10);
    assertThat(afterHolding(20)).isEqualTo(20);
  }
}
