package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AudioGridTest {

  @Test
  void keepsTheGridUnderMillisecondRounding() {
    for (int rate : new int[] {44_100, 48_000}) {
      AudioGrid grid = new AudioGrid(rate, 1024);
      for (long n = 0; n < 100_000; n++) {
        long ms = n * 1024 * 1000 / rate;
        assertThat(grid.place(ms * 90)).isEqualTo(n * 1024);
      }
      assertThat(grid.gaps() + grid.drops()).isZero();
    }
  }

  @Test
  void leavesAGapAfterThreeFramesThatAreTooLate() {
    AudioGrid grid = new AudioGrid(48_000, 1024);
    assertThat(grid.place(0)).isZero();
    long late = 48_000;
    assertThat(grid.place(late * 90_000 / 48_000)).isEqualTo(1024);
    assertThat(grid.place((late + 1024) * 90_000 / 48_000)).isEqualTo(2048);
    assertThat(grid.place((late + 2048) * 90_000 / 48_000)).isEqualTo(late + 2048);
    assertThat(grid.gaps()).isEqualTo(1);
  }

  @Test
  void dropsFramesThatComeTooFastUntilTheGridFitsAgain() {
    AudioGrid grid = new AudioGrid(48_000, 1024);
    grid.anchor(10 * 1024);
    int placed = 0;
    for (int n = 0; n < 40; n++) {
      placed += grid.place(n * 1024L * 90_000 / 48_000) == AudioGrid.DROP ? 0 : 1;
    }
    assertThat(grid.drops()).isPositive();
    assertThat(placed + grid.drops()).isEqualTo(40);
    assertThat(grid.place(40 * 1024L * 90_000 / 48_000)).isEqualTo(40 * 1024);
  }

  @Test
  void ignoresOneFrameThatIsOff() {
    AudioGrid grid = new AudioGrid(48_000, 1024);
    grid.place(0);
    assertThat(grid.place(90_000)).isEqualTo(1024);
    assertThat(grid.place(2 * 1024L * 90_000 / 48_000)).isEqualTo(2048);
  }
}
