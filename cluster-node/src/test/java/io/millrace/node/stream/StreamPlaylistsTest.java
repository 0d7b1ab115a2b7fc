package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.hls.WindowSettings;
import io.millrace.media.hls.WindowState;
import io.millrace.node.edge.StreamSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is shown of a stream when its node starts again with low latency switched on or off. */
class StreamPlaylistsTest {
  private static StreamSnapshot shown(long firstMsn, WindowState restored) {
    StreamPlaylists playlists =
        new StreamPlaylists("cam", 2, new WindowSettings(Duration.ofSeconds(30), 6, firstMsn));
    playlists.open(StreamSamples.presentation(), Map.of("source", restored), 0);
    return playlists.next(Map.of());
  }

  @Test
  void showsAStreamThatHasListedNoMoreThanSegment0() {
    WindowState one =
        new WindowState(1, 0, false, List.of(StreamSamples.segment(1, 0).ref()), List.of());
    StreamSnapshot shown = shown(1, one);
    assertThat(shown.media()).containsOnlyKeys("source");
    assertThat(shown.multivariant()).isPresent();
  }

  @Test
  void showsNoPlaylistWithoutSegmentsOfAStreamThatBeginsWithSegment1() {
    StreamSnapshot shown = shown(0, WindowState.startingAt(1));
    assertThat(shown.media()).isEmpty();
    assertThat(shown.multivariant()).isEmpty();
  }
}
