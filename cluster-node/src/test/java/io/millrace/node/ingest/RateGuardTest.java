package io.millrace.node.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateGuardTest {
  private static final long SECOND = 1_000_000_000L;

  private final RateGuard guard = new RateGuard(100, 3, 0);

  @Test
  void letsTheWindowPassAtOnce() {
    assertThat(guard.take(300, 0)).isZero();
    assertThat(guard.take(50, 0)).isEqualTo(SECOND / 2);
  }

  @Test
  void countsHowLongTheRateIsExceeded() {
    assertThat(guard.take(400, 0)).isEqualTo(SECOND);
    assertThat(guard.overNanos(0)).isZero();
    assertThat(guard.take(100, SECOND)).isEqualTo(SECOND);
    assertThat(guard.overNanos(11 * SECOND)).isEqualTo(11 * SECOND);
  }

  @Test
  void forgivesWhoRecovers() {
    assertThat(guard.take(400, 0)).isEqualTo(SECOND);
    assertThat(guard.take(0, 4 * SECOND)).isZero();
    assertThat(guard.overNanos(5 * SECOND)).isZero();
  }
}
