package io.millrace.media.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.SegmentRef;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MediaPlaylistWindowTest {

  private static final WindowSettings SETTINGS = new WindowSettings(Duration.ofSeconds(30), 6, 0);

  private final MediaPlaylistWindow window =
      MediaPlaylistWindow.of(SETTINGS, 4, WindowState.startingAt(0), 0);

  @Test
  void keepsSevenSegmentsOfFourSecondsInThirtySeconds() {
    appendUpTo(window, 20, 4);

    assertThat(window.listed()).hasSize(7);
    assertThat(window.mediaSequence()).isEqualTo(13);
    assertThat(window.nextMsn()).isEqualTo(20);
  }

  @Test
  void keepsSixSegmentsEvenWhenTheyAreLongerThanTheWindow() {
    MediaPlaylistWindow longSegments =
        MediaPlaylistWindow.of(SETTINGS, 6, WindowState.startingAt(0), 0);
    appendUpTo(longSegments, 20, 6);

    assertThat(longSegments.listed()).hasSize(6);
  }

  @Test
  void keepsThreeTargetDurationsOfShortSegments() {
    MediaPlaylistWindow small =
        MediaPlaylistWindow.of(
            new WindowSettings(Duration.ofSeconds(5), 1, 0), 4, WindowState.startingAt(0), 0);
    appendUpTo(small, 40, 1);

    assertThat(small.listed()).hasSize(12);
  }

  @Test
  void countsRemovedDiscontinuities() {
    for (int msn = 0; msn < 20; msn++) {
      window.append(segment(msn, 4, msn == 3 || msn == 10 || msn == 18, "init-a.mp4"), 0);
    }

    assertThat(window.mediaSequence()).isEqualTo(13);
    assertThat(window.discontinuitySequence()).isEqualTo(2);
  }

  @Test
  void keepsRemovedSegmentsForTheirDurationAndTheLongestPlaylistThatListedThem() {
    appendUpTo(window, 7, 4);
    window.append(segment(7, 4, false, "init-a.mp4"), 1_000);

    assertThat(window.state().retained()).hasSize(1);
    assertThat(window.expire(1_000 + 31_999).isEmpty()).isTrue();
    assertThat(window.expire(1_000 + 32_000).segmentNames()).containsExactly("1-0.m4s");
    assertThat(window.state().retained()).isEmpty();
  }

  @Test
  void deletesAnInitSegmentOnlyAfterTheLastFetchableSegmentThatRefersToIt() {
    window.append(segment(0, 4, false, "init-a.mp4"), 0);
    window.append(segment(1, 4, false, "init-a.mp4"), 0);
    for (int msn = 2; msn < 8; msn++) {
      window.append(segment(msn, 4, msn == 2, "init-b.mp4"), 0);
    }
    window.append(segment(8, 4, false, "init-b.mp4"), 4_000);

    assertThat(window.expire(32_000)).isEqualTo(new ExpiredObjects(List.of("1-0.m4s"), List.of()));
    assertThat(window.expire(36_000))
        .isEqualTo(new ExpiredObjects(List.of("1-1.m4s"), List.of("init-a.mp4")));
  }

  @Test
  void doesNotAskToDeleteTheObjectOfAGap() {
    window.append(gap(0), 0);
    appendUpTo(window, 8, 4);

    assertThat(window.expire(1_000_000).segmentNames()).isEmpty();
  }

  @Test
  void goesOnFromItsState() {
    appendUpTo(window, 10, 4);

    MediaPlaylistWindow restored = MediaPlaylistWindow.of(SETTINGS, 4, window.state(), 50_000);

    assertThat(restored.state()).isEqualTo(window.state());
    assertThat(MediaPlaylistWriter.write(restored, LowLatencyTags.NONE))
        .isEqualTo(MediaPlaylistWriter.write(window, LowLatencyTags.NONE));
    assertThat(restored.expire(81_999).isEmpty()).isTrue();
    assertThat(restored.expire(82_000).segmentNames())
        .containsExactly("1-0.m4s", "1-1.m4s", "1-2.m4s");
  }

  @Test
  void refusesAHoleARepetitionAndASegmentAfterTheEnd() {
    appendUpTo(window, 3, 4);

    assertThatThrownBy(() -> window.append(segment(4, 4, false, "init-a.mp4"), 0))
        .hasMessage("msn: 4 (expected: 3)");
    assertThatThrownBy(() -> window.append(segment(2, 4, false, "init-a.mp4"), 0))
        .hasMessage("msn: 2 (expected: 3)");
    window.end();
    assertThatThrownBy(() -> window.append(segment(3, 4, false, "init-a.mp4"), 0))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void appendUpTo(MediaPlaylistWindow window, long nextMsn, int seconds) {
    while (window.nextMsn() < nextMsn) {
      window.append(segment(window.nextMsn(), seconds, false, "init-a.mp4"), 0);
    }
  }

  static SegmentRef segment(long msn, int seconds, boolean discontinuity, String init) {
    long start = msn * seconds;
    return new SegmentRef(
        msn,
        "1-" + msn + ".m4s",
        init,
        start * 90_000,
        seconds * 90_000L,
        90_000,
        discontinuity,
        false,
        1_700_000_000_000L + start * 1000,
        1000);
  }

  static SegmentRef gap(long msn) {
    SegmentRef s = segment(msn, 4, false, "init-a.mp4");
    return new SegmentRef(
        msn,
        s.name(),
        s.initName(),
        s.startTicks(),
        s.durationTicks(),
        s.timescale(),
        false,
        true,
        s.programDateTimeMs(),
        0);
  }
}
