package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartRuleTest {
  private static final Duration WANTED = Duration.ofMillis(333);

  @ParameterizedTest
  @CsvSource({
    "30, 48000, 30000, 355",
    "29.97002997, 48000, 30030, 355",
    "25, 44100, 28800, 344",
    "24, 48000, 30000, 355",
    "60, 0, 30000, 336",
    "30, 24000, 36000, 443"
  })
  void isWholeFramesAndOneAudioFrame(double fps, int rate, long length90k, int targetMillis) {
    double audio = rate == 0 ? 0 : 1024.0 / rate;

    PartRule rule = PartRule.ofVideo(WANTED, fps, audio);

    assertThat(rule.length90k()).isEqualTo(length90k);
    assertThat(rule.targetMillis()).isEqualTo(targetMillis);
    assertThat(PartRule.restoredVideo(targetMillis, WANTED, fps)).isEqualTo(rule);
  }

  @Test
  void dividesTheTargetDurationOfSoundAlone() {
    double frame = 1024 / 48_000.0;

    PartRule rule = PartRule.ofAudio(WANTED, 4, frame);

    assertThat(rule.length90k()).isEqualTo(30_000);
    assertThat(rule.targetMillis()).isEqualTo(355);
    assertThat(PartRule.restoredAudio(355, 4, frame)).isEqualTo(rule);
  }

  @Test
  void isNotForSlowVideo() {
    assertThat(PartRule.ofVideo(WANTED, 4.9, 0).on()).isFalse();
    assertThat(PartRule.ofVideo(Duration.ZERO, 30, 0).on()).isFalse();
    assertThat(PartRule.restoredVideo(0, WANTED, 30).on()).isFalse();
  }
}
