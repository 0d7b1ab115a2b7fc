package io.millrace.media.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaPart;
import io.millrace.media.PartRef;
import io.millrace.media.SegmentRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartsInPlaylistsTest {
  private static final int T = 2;
  private static final long EPOCH = 3;
  private static final long HOLD_MS = 6_000;

  private MediaPlaylistWindow window;

  @BeforeEach
  void createWindow() {
    window = window(WindowState.startingAt(0));
  }

  private static MediaPlaylistWindow window(WindowState state) {
    return MediaPlaylistWindow.withParts(
        new WindowSettings(Duration.ofSeconds(30), 6, 0), T, 520, state, 0);
  }

  private static SegmentRef segment(long msn) {
    return segment(msn, false);
  }

  private static SegmentRef segment(long msn, boolean gap) {
    return new SegmentRef(
        msn,
        EPOCH + "-" + msn + ".m4s",
        "init-a.mp4",
        msn * 180_000,
        180_000,
        90_000,
        false,
        gap,
        1_700_000_000_000L + msn * 2_000,
        400);
  }

  private boolean part(long msn, int index, boolean last) {
    PartRef ref =
        new PartRef(msn, index, PartRef.name(EPOCH, msn, index), 45_000, 90_000, index == 0, 100);
    MediaPart.Parent parent =
        new MediaPart.Parent("init-a.mp4", false, 1_700_000_000_000L + msn * 2_000);
    return window.add(ref, parent, last, msn * 2_000);
  }

  private void whole(long msn) {
    for (int i = 0; i < 4; i++) {
      part(msn, i, i == 3);
    }
    window.append(segment(msn), (msn + 1) * 2_000);
  }

  private String text() {
    LowLatencyTags tags =
        new LowLatencyTags(window.hint(EPOCH), List.of(new RenditionReport("720p", 1, 0)));
    return MediaPlaylistWriter.write(window, tags);
  }

  @Test
  void writesEachLineOfAPlaylistWithParts() {
    window.append(segment(0), 2_000);
    part(1, 0, false);
    part(1, 1, false);

    assertThat(text())
        .isEqualTo(
            """
            #EXTM3U
            #EXT-X-VERSION:6
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-TARGETDURATION:2
            #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.560,HOLD-BACK=6.0,CAN-SKIP-UNTIL=12.0
            #EXT-X-PART-INF:PART-TARGET=0.520
            #EXT-X-MEDIA-SEQUENCE:0
            #EXT-X-DISCONTINUITY-SEQUENCE:0
            #EXT-X-MAP:URI="init-a.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.000Z
            #EXTINF:2.000000,
            3-0.m4s
            #EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:22.000Z
            #EXT-X-PART:DURATION=0.500000,URI="3-1.0.m4s",INDEPENDENT=YES
            #EXT-X-PART:DURATION=0.500000,URI="3-1.1.m4s"
            #EXT-X-PRELOAD-HINT:TYPE=PART,URI="3-1.2.m4s"
            #EXT-X-RENDITION-REPORT:URI="../720p/index.m3u8",LAST-MSN=1,LAST-PART=0
            """);
    assertThat(window.report("source")).contains(new RenditionReport("source", 1, 1));
  }

  @Test
  void keepsThePartsOfASegmentThatIsWhole() {
    window.append(segment(0), 2_000);
    whole(1);

    assertThat(text())
        .contains("#EXT-X-PART:DURATION=0.500000,URI=\"3-1.3.m4s\"\n#EXTINF:2.000000,\n3-1.m4s\n")
        .contains("URI=\"3-2.0.m4s\"");
    assertThat(window.report("source")).contains(new RenditionReport("source", 1, 3));
    assertThat(window.lastPart()).isEqualTo(-1);
  }

  @Test
  void hintsAtTheNextSegmentOnceTheLastPartIsThere() {
    window.append(segment(0), 2_000);
    for (int i = 0; i < 4; i++) {
      part(1, i, i == 3);
    }

    assertThat(window.hint(EPOCH)).contains("3-2.0.m4s");
  }

  @Test
  void listsPartsOfALaterSegmentOnlyBehindTheOnesBefore() {
    window.append(segment(0), 2_000);
    whole(1);
    for (int i = 0; i < 4; i++) {
      assertThat(part(2, i, i == 3)).isTrue();
    }
    assertThat(part(3, 0, false)).isFalse();
    assertThat(text()).doesNotContain("URI=\"3-3.0.m4s\",IND");

    window.append(segment(2), 6_000);

    assertThat(text()).contains("3-2.m4s\n#EXT-X-PROGRAM").contains("URI=\"3-3.0.m4s\",IND");
  }

  @Test
  void dropsPartsAfterThreeTargetDurationsAndKeepsThemFetchableForThreeMore() {
    window.append(segment(0), 2_000);
    for (long msn = 1; msn <= 3; msn++) {
      whole(msn);
    }
    assertThat(text()).contains("3-1.0.m4s");
    part(4, 0, false);

    assertThat(text()).doesNotContain("3-1.0.m4s").contains("3-2.0.m4s");
    assertThat(window.partNames()).contains("3-1.0.m4s", "3-4.0.m4s");
    assertThat(window.expireParts(8_000 + HOLD_MS - 1)).isEmpty();
    assertThat(window.expireParts(8_000 + HOLD_MS)).contains("3-1.0.m4s", "3-1.3.m4s");
    assertThat(window.partNames()).doesNotContain("3-1.0.m4s");
  }

  @Test
  void showsASegmentWithoutThePartsThatWereNotOfIt() {
    window.append(segment(0), 2_000);
    part(1, 0, false);
    window.withdrawParts(1);
    window.append(segment(1), 4_000);

    assertThat(text()).doesNotContain("EXT-X-PART:").doesNotContain("HINT");
    assertThat(window.partNames()).contains("3-1.0.m4s");
    assertThat(window.wholeParts()).isZero();
    assertThat(part(2, 0, false)).isTrue();
    assertThat(window.hint(EPOCH)).contains("3-2.1.m4s");
  }

  @Test
  void keepsThePartsOfASegmentThatBecomesAGap() {
    window.append(segment(0), 2_000);
    part(1, 0, false);
    part(1, 1, false);
    window.withdrawParts(1);
    window.append(segment(1, true), 4_000);

    assertThat(text())
        .contains(
            """
            3-0.m4s
            #EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:22.000Z
            #EXT-X-PART:DURATION=0.500000,URI="3-1.0.m4s",INDEPENDENT=YES
            #EXT-X-PART:DURATION=0.500000,URI="3-1.1.m4s"
            #EXT-X-PART:DURATION=0.500000,URI="3-1.2.m4s",GAP=YES
            #EXT-X-GAP
            #EXT-X-PART:DURATION=0.500000,URI="3-1.3.m4s",GAP=YES
            #EXTINF:2.000000,
            3-1.m4s
            #EXT-X-RENDITION-REPORT\
            """);
    assertThat(window.partNames()).contains("3-1.0.m4s");
    window.append(segment(2, true), 6_000);
    assertThat(text())
        .contains(
            "3-1.m4s\n#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:24.000Z\n#EXT-X-GAP\n#EXTINF");
  }

  @Test
  void expectsPartsFromTheSegmentAfterTheOneThatWasInFlight() {
    window.append(segment(0), 2_000);
    whole(1);
    window = window(window.state());
    window.expectPartsFrom(3);

    assertThat(window.hint(4)).isEmpty();
    assertThat(window.partNames()).isEmpty();
    window.append(segment(2), 6_000);
    assertThat(window.hint(4)).contains("4-3.0.m4s");
  }

  @Test
  void writesADeltaUpdateWhenThereIsSomethingToSkip() {
    window.append(segment(0), 2_000);
    for (long msn = 1; msn < 6; msn++) {
      whole(msn);
    }
    LowLatencyTags tags = new LowLatencyTags(Optional.empty(), List.of());
    assertThat(MediaPlaylistWriter.writeDelta(window, tags)).isEmpty();
    whole(6);
    whole(7);

    assertThat(MediaPlaylistWriter.writeDelta(window, tags).orElseThrow())
        .contains("#EXT-X-VERSION:9\n", "#EXT-X-MEDIA-SEQUENCE:0\n")
        .contains(
            """
            #EXT-X-SKIP:SKIPPED-SEGMENTS=2
            #EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:24.000Z
            """)
        .doesNotContain("3-1.m4s");
  }

  @Test
  void endsWithoutWhatIsNotWhole() {
    window.append(segment(0), 2_000);
    whole(1);
    part(2, 0, false);
    window.end();

    assertThat(text()).endsWith("3-1.m4s\n#EXT-X-ENDLIST\n").doesNotContain("3-2.0.m4s");
    assertThat(MediaPlaylistWriter.writeDelta(window, LowLatencyTags.NONE)).isEmpty();
  }
}
