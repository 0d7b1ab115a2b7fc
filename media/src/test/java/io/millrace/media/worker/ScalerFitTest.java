package io.millrace.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScalerFitTest {
  private static Scaler.Fit fit(int width, int height, int sarNum, int sarDen) {
    return Scaler.Fit.into(
        new Scaler.Shape(width, height, 0, false, false, sarNum, sarDen), 854, 480);
  }

  @Test
  void fillsTheOutputWhenTheAspectIsTheSameButForRounding() {
    assertThat(fit(1920, 1080, 1, 1)).isEqualTo(new Scaler.Fit(0, 0, 854, 480));
    assertThat(fit(1440, 1080, 4, 3)).isEqualTo(new Scaler.Fit(0, 0, 854, 480));
  }

  @Test
  void padsAtTheSidesOrAboveAndBelow() {
    assertThat(fit(720, 1280, 1, 1)).isEqualTo(new Scaler.Fit(292, 0, 270, 480));
    assertThat(fit(1920, 800, 1, 1)).isEqualTo(new Scaler.Fit(0, 62, 854, 356));
  }
}
