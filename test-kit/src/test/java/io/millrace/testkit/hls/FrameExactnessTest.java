package io.millrace.testkit.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.hls.FrameCode.Reading;
import io.millrace.testkit.hls.FrameExactness.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FrameExactnessTest {

  private static final List<Session> TWO_SESSIONS =
      List.of(Session.of(List.of(0, 3, 1, 2, 4)), new Session(List.of(10, 11, 12, 13), 2));

  @Test
  void acceptsEachFrameOnceAndInOrder() {
    assertThat(difference(0, 1, 2, 3, 4, 10, 11, 12, 13)).isEmpty();
  }

  @Test
  void acceptsThatTheEndOfAnAbortedSessionIsMissing() {
    assertThat(difference(0, 1, 2, 3, 4, 10, 11, 12)).isEmpty();
    assertThat(difference(0, 1, 2, 3, 4, 10, 11)).isEmpty();
  }

  @Test
  void acceptsThatOneOfTheLastFramesOfAnAbortedSessionCameBeforeItsPredecessor() {
    assertThat(difference(0, 1, 2, 3, 4, 10, 11, 13)).isEmpty();
    assertThat(FrameExactness.lostAtEnds(TWO_SESSIONS, shown(0, 1, 2, 3, 4, 10, 11, 13)))
        .containsExactly(0, 1);
  }

  @Test
  void saysWhichFramesAreMissing() {
    assertThat(difference(0, 3, 4, 10, 11, 12, 13))
        .isEqualTo(
            "session 0: expected frame 1 after 0, shown 3 at 0.033 s in the period of 1-0.m4s"
                + " (2 missing)");
    assertThat(difference(0, 1, 2, 3, 4, 10))
        .isEqualTo("session 1: expected frame 11 after 10, but the recording ends; 3 are missing");
  }

  @Test
  void saysWhichFrameIsRepeated() {
    assertThat(difference(0, 1, 1, 2, 3, 4, 10, 11, 12, 13))
        .contains("expected frame 2 after 1, shown 1 at 0.067 s")
        .endsWith("(repeated or out of order)");
    assertThat(difference(0, 1, 2, 3, 4, 10, 11, 12, 13, 13)).startsWith("1 frames too many");
  }

  @Test
  void saysThatAFrameIsUnreadable() {
    List<ShownFrame> shown = new ArrayList<>(shown(0, 1));
    shown.add(new ShownFrame(0.07, new Reading(-1, "block 3 is grey: 128"), "1-0.m4s"));

    assertThat(FrameExactness.firstDifference(TWO_SESSIONS, shown).orElseThrow())
        .contains("expected frame 2 after 1, shown block 3 is grey: 128 at 0.070 s");
  }

  private static String difference(int... numbers) {
    return FrameExactness.firstDifference(TWO_SESSIONS, shown(numbers)).orElse("");
  }

  private static List<ShownFrame> shown(int... numbers) {
    return IntStream.range(0, numbers.length)
        .mapToObj(i -> new ShownFrame(i / 30.0, new Reading(numbers[i], ""), "1-0.m4s"))
        .toList();
  }
}
