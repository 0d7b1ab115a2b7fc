package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.SegmentRef;
import io.millrace.media.hls.RetainedSegment;
import io.millrace.media.hls.WindowState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeftoversTest {
  private static SegmentRef segment(long msn, boolean gap) {
    return new SegmentRef(
        msn, "1-" + msn + ".m4s", "init-" + msn % 2, 0, 360_000, 90_000, false, gap, 0, 1);
  }

  @Test
  void keepsEverythingThatWasFetchableForOnePlaylistDuration() {
    WindowState window =
        new WindowState(
            4,
            0,
            true,
            List.of(segment(1, false), segment(2, true), segment(3, false)),
            List.of(new RetainedSegment(segment(0, false), 9_000)));

    Leftovers leftovers = Leftovers.of(Map.of("source", window));

    assertThat(leftovers.holdMs()).isEqualTo(12_000);
    assertThat(leftovers.segments().get("source")).containsExactly("1-1.m4s", "1-3.m4s", "1-0.m4s");
    assertThat(leftovers.objects().get("source"))
        .containsExactlyInAnyOrder("1-0.m4s", "1-1.m4s", "1-3.m4s", "init-0", "init-1");
  }

  @Test
  void isEmptyWhenNothingWasListed() {
    assertThat(Leftovers.of(Map.of()).isEmpty()).isTrue();
  }
}
