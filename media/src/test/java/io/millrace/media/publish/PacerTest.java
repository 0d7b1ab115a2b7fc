package io.millrace.media.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long MS = 1_000_000;

  @Test
  void keepsAnAbsoluteSchedule() {
    Pacer pacer = new Pacer(1);

    assertThat(pacer.untilDueNanos(5000, 70 * MS)).isZero();
    assertThat(pacer.untilDueNanos(5040, 70 * MS)).isEqualTo(40 * MS);
    assertThat(pacer.untilDueNanos(5080, 170 * MS)).isEqualTo(-20 * MS);
    assertThat(pacer.untilDueNanos(5120, 170 * MS)).isEqualTo(20 * MS);
  }

  @Test
  void dividesBySpeed() {
    Pacer pacer = new Pacer(4);
    pacer.untilDueNanos(0, 0);

    assertThat(pacer.untilDueNanos(1000, 0)).isEqualTo(250 * MS);
  }

  @Test
  void pausesMoveTheSchedule() {
    Pacer pacer = new Pacer(1);
    pacer.untilDueNanos(0, 0);
    pacer.shift(300 * MS);

    assertThat(pacer.untilDueNanos(100, 350 * MS)).isEqualTo(50 * MS);
  }
}
