package io.millrace.testkit.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.SegmentRef;
import io.millrace.media.hls.LowLatencyTags;
import io.millrace.media.hls.MediaPlaylistWindow;
import io.millrace.media.hls.MediaPlaylistWriter;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.hls.WindowState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the window and the writers make of a long live stream keeps the rules. */
class WrittenPlaylistsTest {

  private static final long PDT_MS = 1_700_000_000_000L;
  private static final int AUDIO_RATE = 44_100;

  private final PlaylistLinter linter = new PlaylistLinter(Duration.ofMillis(100));
  private final Map<String, MediaPlaylistWindow> windows = new LinkedHashMap<>();

  @ParameterizedTest
  @CsvSource({"2,180180", "4,360360", "4,270000", "6,540000"})
  void keepTheRulesOverReconnectsAndRestarts(int target, long segmentTicks) {
    WindowSettings settings = new WindowSettings(Duration.ofSeconds(30), 6, 0);
    for (String rendition : new String[] {"source", "720p", "audio"}) {
      windows.put(
          rendition, MediaPlaylistWindow.of(settings, target, WindowState.startingAt(0), 0));
    }
    for (long msn = 0; msn < 200; msn++) {
      long nowMs = (msn + 1) * segmentTicks / 90;
      for (String rendition : windows.keySet()) {
        if (msn % 70 == 60) {
          windows.computeIfPresent(
              rendition, (r, w) -> MediaPlaylistWindow.of(settings, target, w.state(), nowMs));
        }
        append(rendition, msn, segmentTicks, nowMs);
      }
    }
    windows.values().forEach(MediaPlaylistWindow::end);
    windows.keySet().forEach(r -> observe(r, 200 * segmentTicks / 90 + 1));

    assertThat(linter.violations()).isEmpty();
    assertThat(windows.values())
        .extracting(MediaPlaylistWindow::discontinuitySequence)
        .containsOnly(5L);
  }

  private void append(String rendition, long msn, long segmentTicks, long nowMs) {
    boolean audio = rendition.equals("audio");
    int timescale = audio ? AUDIO_RATE : 90_000;
    long start = audio ? audioGrid(msn * segmentTicks) : msn * segmentTicks;
    long end = audio ? audioGrid((msn + 1) * segmentTicks) : (msn + 1) * segmentTicks;
    int init = (int) (msn / 35);
    windows
        .get(rendition)
        .append(
            new SegmentRef(
                msn,
                "1-" + msn + ".m4s",
                "init-" + init + ".mp4",
                start,
                end - start,
                timescale,
                msn % 35 == 0 && msn > 0,
                rendition.equals("720p") && msn % 20 == 7,
                PDT_MS + start * 1000 / timescale,
                1000),
            nowMs);
    observe(rendition, nowMs);
  }

  private void observe(String rendition, long nowMs) {
    linter.observe(
        rendition + "/index.m3u8",
        Instant.ofEpochMilli(PDT_MS + nowMs),
        MediaPlaylistWriter.write(windows.get(rendition), LowLatencyTags.NONE));
  }

  /** First audio frame at or after a video time. */
  private static long audioGrid(long ticks90k) {
    return (ticks90k * AUDIO_RATE / 90_000 + 1023) / 1024 * 1024;
  }
}
