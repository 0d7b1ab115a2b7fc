package io.millrace.media.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.RenditionKind;
import io.millrace.media.SegmentRef;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlaylistWritersTest {

  private static final Rendition SOURCE =
      new Rendition(
          "source",
          RenditionKind.SOURCE,
          "avc1.640028",
          1920,
          1080,
          30000 / 1001.0,
          7_000_000,
          4_800_000,
          0);
  private static final Rendition RUNG =
      new Rendition(
          "720p", RenditionKind.RUNG, "avc1.64001f", 1280, 720, 30, 4_000_000, 2_900_000, 0);
  private static final Rendition AUDIO =
      new Rendition("audio", RenditionKind.AUDIO, "mp4a.40.2", 0, 0, 0, 150_000, 130_000, 2);

  @Test
  void writesEachLineOfAMediaPlaylist() {
    SegmentRef first = video(41, "init-a.mp4", 3_690_000, 360_360, false, false);
    SegmentRef gap = video(42, "init-a.mp4", 4_050_360, 360_360, false, true);
    SegmentRef returned = video(43, "init-b.mp4", 4_410_720, 177_177, true, false);
    MediaPlaylistWindow window =
        MediaPlaylistWindow.of(
            new WindowSettings(Duration.ofSeconds(30), 6, 0),
            4,
            new WindowState(44, 2, true, List.of(first, gap, returned), List.of()),
            0);

    assertThat(MediaPlaylistWriter.write(window, LowLatencyTags.NONE))
        .isEqualTo(
            """
            #EXTM3U
            #EXT-X-VERSION:6
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-TARGETDURATION:4
            #EXT-X-MEDIA-SEQUENCE:41
            #EXT-X-DISCONTINUITY-SEQUENCE:2
            #EXT-X-MAP:URI="init-a.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.007Z
            #EXTINF:4.004000,
            3-41.m4s
            #EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:24.011Z
            #EXT-X-GAP
            #EXTINF:4.004000,
            3-42.m4s
            #EXT-X-DISCONTINUITY
            #EXT-X-MAP:URI="init-b.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:28.015Z
            #EXTINF:1.968633,
            3-43.m4s
            #EXT-X-ENDLIST
            """);
  }

  @Test
  void writesVariantsWithSeparateAudio() {
    Presentation presentation = new Presentation(4, List.of(SOURCE, RUNG, AUDIO));

    assertThat(MultivariantPlaylistWriter.write(presentation, Set.of()))
        .isEqualTo(
            """
            #EXTM3U
            #EXT-X-VERSION:4
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aud",NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio/index.m3u8"
            #EXT-X-STREAM-INF:BANDWIDTH=7000000,AVERAGE-BANDWIDTH=4800000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=29.970,AUDIO="aud"
            source/index.m3u8
            #EXT-X-STREAM-INF:BANDWIDTH=4000000,AVERAGE-BANDWIDTH=2900000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="aud"
            720p/index.m3u8
            """);
  }

  @Test
  void writesVideoWithoutAudio() {
    assertThat(MultivariantPlaylistWriter.write(new Presentation(4, List.of(RUNG)), Set.of()))
        .endsWith(
            """
            SEGMENTS
            #EXT-X-STREAM-INF:BANDWIDTH=4000000,AVERAGE-BANDWIDTH=2900000,CODECS="avc1.64001f",RESOLUTION=1280x720,FRAME-RATE=30.000
            720p/index.m3u8
            """);
  }

  @Test
  void writesAudioOnlyAsOnePlainVariant() {
    assertThat(MultivariantPlaylistWriter.write(new Presentation(4, List.of(AUDIO)), Set.of()))
        .endsWith(
            """
            SEGMENTS
            #EXT-X-STREAM-INF:BANDWIDTH=150000,AVERAGE-BANDWIDTH=130000,CODECS="mp4a.40.2"
            audio/index.m3u8
            """);
  }

  @Test
  void leavesHiddenRenditionsOutButNeverTheLastVideo() {
    Presentation presentation = new Presentation(4, List.of(SOURCE, RUNG, AUDIO));

    assertThat(MultivariantPlaylistWriter.write(presentation, Set.of("720p")))
        .contains("source/index.m3u8", "audio/index.m3u8")
        .doesNotContain("720p");
    assertThat(MultivariantPlaylistWriter.write(presentation, Set.of("source", "720p")))
        .contains("source/index.m3u8", "720p/index.m3u8");
  }

  private static SegmentRef video(
      long msn, String init, long start, long duration, boolean discontinuity, boolean gap) {
    long pdtMs = 1_700_000_000_007L + Math.round((start - 3_690_000) / 90.0);
    return new SegmentRef(
        msn, "3-" + msn + ".m4s", init, start, duration, 90_000, discontinuity, gap, pdtMs, 1);
  }
}
