package io.millrace.media.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.Codec;
import io.millrace.media.codec.ColorDescription;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.worker.RungSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class LadderTest {
  private static final LadderSettings LADDER =
      new LadderSettings(
          List.of(
              new LadderRung("1080p", 1080, 5_000_000, 60),
              new LadderRung("720p", 720, 2_800_000, 60),
              new LadderRung("480p", 480, 1_200_000, 30)));

  private static VideoFormat source(int width, int height, boolean playable) {
    return new VideoFormat(
        playable ? Codec.H264 : Codec.HEVC,
        width,
        height,
        width,
        height,
        30,
        100,
        40,
        "avc1.640028",
        playable,
        false,
        ColorDescription.UNSPECIFIED,
        new byte[0]);
  }

  private static List<String> sizes(LadderPlan plan) {
    return plan.rungs().stream().map(r -> r.name() + " " + r.width() + "x" + r.height()).toList();
  }

  @Test
  void makesOnlyRungsThatAreSmallerThanTheSource() {
    assertThat(sizes(Ladder.plan(source(1920, 1080, true), 30, LADDER, 10)))
        .containsExactly("720p 1280x720", "480p 854x480");
    assertThat(sizes(Ladder.plan(source(1280, 720, true), 30, LADDER, 10)))
        .containsExactly("480p 854x480");
    assertThat(sizes(Ladder.plan(source(640, 360, true), 30, LADDER, 10))).isEmpty();
  }

  @Test
  void measuresPortraitPicturesByTheirShorterSide() {
    assertThat(sizes(Ladder.plan(source(1080, 1920, true), 30, LADDER, 10)))
        .containsExactly("720p 720x1280", "480p 480x854");
  }

  @Test
  void keepsOddSizesEven() {
    for (RungSettings rung : Ladder.plan(source(1919, 1079, true), 30, LADDER, 10).rungs()) {
      assertThat(rung.width() % 2).isZero();
      assertThat(rung.height() % 2).isZero();
    }
  }

  @Test
  void listsARungOfTheSourcesSizeFirstWhenTheSourceIsNotWidelyPlayable() {
    LadderPlan plan = Ladder.plan(source(1920, 1080, false), 30, LADDER, 10);
    assertThat(plan.sourceFirst()).isFalse();
    assertThat(sizes(plan)).containsExactly("1080p 1920x1080", "720p 1280x720", "480p 854x480");
  }

  @Test
  void leavesTheLargestRungsOutWhenCapacityIsShort() {
    LadderPlan plan = Ladder.plan(source(1920, 1080, true), 30, LADDER, 0.18);
    assertThat(plan.leftOut()).containsExactly("720p");
    assertThat(sizes(plan)).containsExactly("480p 854x480");
    assertThat(plan.costCores()).isLessThanOrEqualTo(0.18);
    assertThat(Ladder.plan(source(1920, 1080, true), 30, LADDER, 0).rungs()).isEmpty();
    assertThat(sizes(Ladder.plan(source(1920, 1080, false), 30, LADDER, 0)))
        .containsExactly("480p 854x480");
  }

  @Test
  void snapsFrameRatesWithinHalfAPercent() {
    assertThat(FrameRate.snap(30.1)).isEqualTo(new FrameRate(30, 1));
    assertThat(FrameRate.snap(29.96)).isEqualTo(new FrameRate(30_000, 1_001));
    assertThat(FrameRate.snap(23.98)).isEqualTo(new FrameRate(24_000, 1_001));
    assertThat(FrameRate.snap(59.95)).isEqualTo(new FrameRate(60_000, 1_001));
    assertThat(FrameRate.snap(15.02)).isEqualTo(new FrameRate(15, 1));
    assertThat(FrameRate.snap(12.5)).isEqualTo(new FrameRate(12_500, 1_000));
  }

  @Test
  void thinsRungsToTheirHighestFrameRate() {
    RungSettings low = Ladder.plan(source(1920, 1080, true), 59.94, LADDER, 10).rungs().get(1);
    assertThat(low.frameRate()).isCloseTo(29.97, org.assertj.core.data.Offset.offset(0.01));
  }

  @Test
  void picksTheLowestLevelThatHoldsTheStream() {
    assertThat(H264Level.of(1280, 720, 30, 2_800_000)).isEqualTo(31);
    assertThat(H264Level.of(1280, 720, 60_000 / 1_001.0, 2_800_000)).isEqualTo(32);
    assertThat(H264Level.of(1920, 1080, 30, 5_000_000)).isEqualTo(40);
    assertThat(H264Level.of(1920, 1080, 60, 5_000_000)).isEqualTo(42);
    assertThat(H264Level.of(854, 480, 30, 1_200_000)).isEqualTo(31);
  }

  @Test
  void refusesLaddersThatRise() {
    assertThatThrownBy(
            () ->
                new LadderSettings(
                    List.of(
                        new LadderRung("a", 480, 1_000_000, 30),
                        new LadderRung("b", 720, 1_000_000, 30))))
        .hasMessage("rungs: 720 after 480 (expected: falling sizes)");
    assertThatThrownBy(() -> new LadderRung("source", 480, 1_000_000, 30))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
