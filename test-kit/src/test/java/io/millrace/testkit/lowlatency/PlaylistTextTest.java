package io.millrace.testkit.lowlatency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PlaylistTextTest {

  private static final String FULL =
      """
      #EXTM3U
      #EXT-X-VERSION:6
      #EXT-X-TARGETDURATION:4
      #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.002,CAN-SKIP-UNTIL=24.0
      #EXT-X-PART-INF:PART-TARGET=0.334
      #EXT-X-MEDIA-SEQUENCE:7
      #EXT-X-DISCONTINUITY-SEQUENCE:1
      #EXT-X-MAP:URI="init-1.mp4"
      #EXT-X-PROGRAM-DATE-TIME:2026-03-01T10:00:00.000Z
      #EXTINF:4.00000,
      2-7.m4s
      #EXTINF:4.00000,
      2-8.m4s
      #EXT-X-PART:DURATION=0.33300,URI="2-9.0.m4s",INDEPENDENT=YES
      #EXT-X-PART:DURATION=0.33300,URI="2-9.1.m4s"
      #EXTINF:0.66600,
      2-9.m4s
      #EXT-X-PART:DURATION=0.33300,URI="2-10.0.m4s",INDEPENDENT=YES
      #EXT-X-PRELOAD-HINT:TYPE=PART,URI="2-10.1.m4s"
      #EXT-X-RENDITION-REPORT:URI="../audio/index.m3u8",LAST-MSN=10,LAST-PART=0
      """;

  private static final String DELTA =
      """
      #EXTM3U
      #EXT-X-VERSION:9
      #EXT-X-TARGETDURATION:4
      #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.002,CAN-SKIP-UNTIL=24.0
      #EXT-X-PART-INF:PART-TARGET=0.334
      #EXT-X-MEDIA-SEQUENCE:8
      #EXT-X-DISCONTINUITY-SEQUENCE:1
      #EXT-X-SKIP:SKIPPED-SEGMENTS=1
      #EXT-X-PART:DURATION=0.33300,URI="2-9.0.m4s",INDEPENDENT=YES
      #EXT-X-PART:DURATION=0.33300,URI="2-9.1.m4s"
      #EXTINF:0.66600,
      2-9.m4s
      #EXT-X-PART:DURATION=0.33300,URI="2-10.0.m4s",INDEPENDENT=YES
      #EXT-X-PART:DURATION=0.33300,URI="2-10.1.m4s"
      #EXT-X-PRELOAD-HINT:TYPE=PART,URI="2-10.2.m4s"
      """;

  @Test
  void findsPositionPartsAndHint() {
    PlaylistText text = PlaylistText.parse(FULL);
    assertThat(text.text()).isEqualTo(FULL);
    assertThat(text.mediaSequence()).isEqualTo(7);
    assertThat(text.lastMsn()).isEqualTo(9);
    assertThat(text.partsInFlight())
        .containsExactly(new PlaylistText.Part(10, 0, "2-10.0.m4s", 0.333, true));
    assertThat(text.parts())
        .extracting(PlaylistText.Part::uri)
        .containsExactly("2-9.0.m4s", "2-9.1.m4s", "2-10.0.m4s");
    assertThat(text.hint()).contains("2-10.1.m4s");
    assertThat(text.uri(8)).isEqualTo("2-8.m4s");
    assertThat(text.ended()).isFalse();
  }

  @Test
  void takesWhatADeltaUpdateSkipsFromTheVersionBefore() {
    PlaylistText delta = PlaylistText.parse(DELTA);
    assertThat(delta.skipped()).isEqualTo(1);
    assertThat(delta.lastMsn()).isEqualTo(9);
    PlaylistText merged = delta.mergedInto(PlaylistText.parse(FULL));
    assertThat(merged.lastMsn()).isEqualTo(9);
    assertThat(merged.text())
        .contains("#EXT-X-VERSION:6\n", "#EXT-X-MAP:URI=\"init-1.mp4\"\n#EXTINF:4.00000,\n2-8.m4s")
        .doesNotContain("SKIP:", "2-7.m4s", "VERSION:9");
    assertThat(merged.partsInFlight()).hasSize(2);
  }

  @Test
  void refusesADeltaUpdateThatSkipsUnknownSegments() {
    PlaylistText late = PlaylistText.parse(DELTA.replace("MEDIA-SEQUENCE:8", "MEDIA-SEQUENCE:17"));
    assertThatThrownBy(() -> late.mergedInto(PlaylistText.parse(FULL)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("skips 1 from 17");
  }
}
