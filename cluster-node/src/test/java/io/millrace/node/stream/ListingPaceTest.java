package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.SegmentRef;
import org.junit.jupiter.api.Test;

class ListingPaceTest {
  private final ListingPace pace = new ListingPace(4);

  private static SegmentRef segment(long msn) {
    String name = "1-" + msn + ".m4s";
    return new SegmentRef(msn, name, "init.mp4", 0, 360_000, 90_000, false, false, 0, 1);
  }

  @Test
  void listsTheFirstSegmentAtOnce() {
    pace.add(segment(0));

    assertThat(pace.delayMs(-1_000_000)).isZero();
    assertThat(pace.take(-1_000_000)).containsExactly(segment(0));
    assertThat(pace.waiting()).isZero();
  }

  @Test
  void listsWhatComesTooFastTogetherAfterHalfATargetDuration() {
    pace.add(segment(0));
    pace.take(1_000);
    pace.add(segment(1));
    assertThat(pace.delayMs(1_300)).isEqualTo(1_700);
    pace.add(segment(2));
    assertThat(pace.delayMs(2_900)).isEqualTo(100);

    assertThat(pace.waiting()).isEqualTo(2);
    assertThat(pace.delayMs(3_000)).isZero();
    assertThat(pace.take(3_000)).containsExactly(segment(1), segment(2));
    pace.add(segment(3));
    assertThat(pace.delayMs(3_000)).isEqualTo(2_000);
  }

  @Test
  void delaysNothingThatComesInTime() {
    pace.add(segment(0));
    pace.take(1_000);
    pace.add(segment(1));

    assertThat(pace.delayMs(3_900)).isZero();
  }

  @Test
  void countsOnlyVersionsThatListSomething() {
    pace.add(segment(0));
    pace.take(1_000);
    assertThat(pace.take(2_500)).isEmpty();
    pace.add(segment(1));

    assertThat(pace.delayMs(3_000)).isZero();
  }
}
