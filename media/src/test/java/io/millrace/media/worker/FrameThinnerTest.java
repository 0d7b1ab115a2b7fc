package io.millrace.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FrameThinnerTest {
  private static long kept(double rungFps, double sourceFps, int divisor, int frames) {
    FrameThinner thinner = new FrameThinner(rungFps);
    return IntStream.range(0, frames)
        .filter(
            i -> {
              long ms = Math.round(i * 1000 / sourceFps); // publishers send milliseconds
              return thinner.keep(ms * 90, i % 60 == 0, divisor, sourceFps);
            })
        .count();
  }

  @Test
  void keepsEveryFrameOfASourceOfTheSameRate() {
    assertThat(kept(30, 30, 1, 600)).isEqualTo(600);
    assertThat(kept(29.97, 30.1, 1, 600)).isEqualTo(600);
  }

  @Test
  void halvesTwiceTheRateUnderMillisecondJitter() {
    assertThat(kept(30, 60, 1, 600)).isEqualTo(300);
    assertThat(kept(29.97, 59.94, 1, 600)).isEqualTo(300);
  }

  @Test
  void thinsFiftyToThirty() {
    assertThat(kept(30, 50, 1, 600)).isBetween(350L, 375L);
  }

  @Test
  void dividesOnTopOfIt() {
    assertThat(kept(30, 30, 2, 600)).isEqualTo(300);
    assertThat(kept(30, 60, 2, 600)).isEqualTo(150);
  }
}
