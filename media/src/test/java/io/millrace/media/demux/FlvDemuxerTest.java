package io.millrace.media.demux;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import io.millrace.media.codec.CodecLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows 16 (wrap), 29, 30, 31 and 32 (in-band) of the bad inputs are among these. */
final class FlvDemuxerTest {
  private static final String AVC_C =
      "0142c01fffe100176742c01fd9005005bb011000003e90000ea600f183248001000568cb83cb20";
  private static final String AVC_C_2160P =
      "0142c034ffe100196742c034da00f0010fb011000003000100000300780f1832a001000468ce0fc8";
  private static final String IN_BAND_2160P =
      "000000196742c034da00f0010fb011000003000100000300780f1832a0" + "0000000468ce0fc8";
  private static final String AVC_CONFIG = "1700000000" + AVC_C;
  private static final String AVC_IDR = "170100000000000003658800";
  private static final String AVC_P = "270100002100000003419a00";
  private static final String AAC_CONFIG = "af001190";
  private static final String AAC_FRAME = "af012110";
  private static final int MAX_BAD_TAGS = 10;

  private final List<MediaUnit> units = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private long nowNanos;
  private final FlvDemuxer demuxer =
      new FlvDemuxer(
          new DemuxSettings(CodecLimits.standard(), MAX_BAD_TAGS),
          () -> nowNanos,
          new DemuxOutput() {
            @Override
            public void unit(MediaUnit unit) {
              units.add(unit);
            }

            @Override
            public void notice(String code, String text) {
              notices.add(code + " " + text);
            }
          });

  @Test
  void passesConfigurationsAndFramesOn() {
    video(0, AVC_CONFIG);
    audio(3, AAC_CONFIG);
    video(10, AVC_IDR);
    audio(21, AAC_FRAME);
    video(43, AVC_P);

    assertThat(units)
        .extracting(MediaUnit::toString)
        .containsExactly(
            "MediaUnit[seq=0, CONFIG H264 gen=1, dtsMs=0, 39 bytes]",
            "MediaUnit[seq=0, CONFIG AAC gen=1, dtsMs=3, 2 bytes]",
            "MediaUnit[seq=0, FRAME H264 gen=1, dtsMs=10, IDR, 7 bytes]",
            "MediaUnit[seq=0, FRAME AAC gen=1, dtsMs=21, 2 bytes]",
            "MediaUnit[seq=0, FRAME H264 gen=1, dtsMs=43, 7 bytes]");
    assertThat(units.get(4).compositionOffsetMs()).isEqualTo(33);
    assertThat(units.get(3).idr()).isTrue();
    assertThat(drops()).isEmpty();
  }

  @Test
  void findsIdrsInTheDataAndNotInTheTag() {
    video(0, AVC_CONFIG);
    video(0, "170100000000000003419a00");
    video(33, "270100000000000003658800");

    assertThat(units).extracting(MediaUnit::idr).containsExactly(false, false, true);
  }

  @Test
  void unitsKeepTheirBytesWhenTheReceiveBufferIsReused() {
    ByteBuffer buffer = ByteBuffer.allocate(64);
    video(0, AVC_CONFIG);
    buffer.put(HexFormat.of().parseHex(AVC_IDR)).flip();
    demuxer.onVideo(0, buffer);
    buffer.clear().put(new byte[64]);

    assertThat(units.get(1).payload()).asHexString().isEqualTo("00000003658800");
  }

  @Test
  void repeatedConfigurationStartsNoGeneration() {
    video(0, AVC_CONFIG);
    video(0, AVC_IDR);
    video(2000, AVC_CONFIG);
    video(2000, AVC_IDR);
    audio(0, AAC_CONFIG);
    audio(2000, AAC_CONFIG);

    assertThat(units).filteredOn(MediaUnit::isConfig).hasSize(2);
    assertThat(units).extracting(MediaUnit::generation).containsOnly(1);
  }

  @Test
  void anotherConfigurationStartsAGenerationOfItsTrack() {
    video(0, AVC_CONFIG);
    audio(0, AAC_CONFIG);
    video(0, "1700000000" + AVC_C_2160P);
    video(0, AVC_IDR);
    audio(0, AAC_FRAME);

    assertThat(units).extracting(MediaUnit::generation).containsExactly(1, 1, 2, 2, 1);
  }

  @Test
  void parameterSetsInsideAnIdrStartAGenerationOnce() {
    video(0, AVC_CONFIG);
    video(0, AVC_IDR);
    video(2000, "1701000000" + IN_BAND_2160P + "00000003658800");
    video(4000, "1701000000" + IN_BAND_2160P + "00000003658800");

    assertThat(units)
        .extracting(MediaUnit::toString)
        .containsExactly(
            "MediaUnit[seq=0, CONFIG H264 gen=1, dtsMs=0, 39 bytes]",
            "MediaUnit[seq=0, FRAME H264 gen=1, dtsMs=0, IDR, 7 bytes]",
            "MediaUnit[seq=0, CONFIG H264 gen=2, dtsMs=2000, 40 bytes]",
            "MediaUnit[seq=0, FRAME H264 gen=2, dtsMs=2000, IDR, 7 bytes]",
            "MediaUnit[seq=0, FRAME H264 gen=2, dtsMs=4000, IDR, 7 bytes]");
    assertThat(units.get(2).payload()).asHexString().isEqualToIgnoringCase(AVC_C_2160P);
    assertThat(drops()).isEmpty();
  }

  @Test
  void parameterSetsAheadOfAnIdrAreInForceFromItOn() {
    video(0, AVC_CONFIG);
    video(0, AVC_IDR);
    video(1990, "2701000000" + IN_BAND_2160P);
    video(1995, AVC_P);
    video(2000, AVC_IDR);

    assertThat(units).extracting(MediaUnit::generation).containsExactly(1, 1, 1, 2, 2);
    assertThat(units.get(4).payload()).asHexString().isEqualTo("00000003658800");
    assertThat(drops()).containsOnly(Map.entry(DropReason.EMPTY_FRAME, 1L));
  }

  @Test
  void parameterSetsThatCannotBeUsedCostTheirFrameAlone() {
    video(0, AVC_CONFIG);
    video(0, "1701000000" + "000000026742" + "00000003658800");
    video(33, AVC_IDR);

    assertThat(units).hasSize(2);
    assertThat(drops()).containsOnly(Map.entry(DropReason.MALFORMED_FRAME, 1L));
  }

  @Test
  void unwrapsThe32BitTimestampOfEachTrackSilently() {
    video(0xFFFFFFF0L, AVC_CONFIG);
    audio(0xFFFFFFF5L, AAC_CONFIG);
    video(0xFFFFFFF0L, AVC_IDR);
    video(0x11L, AVC_P);
    audio(0xFFFFFFFEL, AAC_FRAME);
    audio(0x13L, AAC_FRAME);
    video(0x05L, AVC_P);

    assertThat(units)
        .filteredOn(u -> !u.isConfig())
        .extracting(u -> u.dtsMs() - 0x100000000L)
        .containsExactly(-16L, 17L, -2L, 19L, 5L);
  }

  @Test
  void passesJumpsOnForTheTimelineToJudge() {
    video(1000, AVC_CONFIG);
    video(1000, AVC_IDR);
    video(1000 + 0x70000000L, AVC_P);
    video(0, AVC_P);

    assertThat(units).extracting(MediaUnit::dtsMs).containsExactly(1000L, 1000L, 1879049192L, 0L);
  }

  @Test
  void dropsFramesBeforeTheirConfiguration() {
    video(0, AVC_IDR);
    audio(0, AAC_FRAME);

    assertThat(units).isEmpty();
    assertThat(drops()).containsEntry(DropReason.NO_CONFIG, 2L);
  }

  @Test
  void countsUnknownAudioAndReportsItOnce() {
    video(0, AVC_CONFIG);
    for (int i = 0; i < 500; i++) {
      assertThat(audio(20L * i, "b2ff").close()).isFalse();
    }

    assertThat(drops()).containsEntry(DropReason.UNKNOWN_AUDIO_CODEC, 500L);
    assertThat(notices)
        .containsExactly("demux.no-audio no audio: soundFormat: 11 (expected: a supported codec)");
  }

  @Test
  void audioConfigurationThatIsJunkLeavesTheStreamWithoutAudio() {
    video(0, AVC_CONFIG);
    assertThat(audio(0, "af00ffff").close()).isFalse();
    audio(20, AAC_FRAME);

    assertThat(units).hasSize(1);
    assertThat(notices).hasSize(1);
    assertThat(drops())
        .containsEntry(DropReason.BAD_CONFIG, 1L)
        .containsEntry(DropReason.NO_CONFIG, 1L);
  }

  @Test
  void refusesVideoThatIsTooLargeWithADiagnosis() {
    FlvDemuxer small =
        new FlvDemuxer(
            new DemuxSettings(new CodecLimits(1920, 1080, 60, 65_536, 100, 1000), MAX_BAD_TAGS),
            () -> 0,
            units::add);

    DemuxVerdict verdict =
        small.onVideo(0, ByteBuffer.wrap(HexFormat.of().parseHex("1700000000" + AVC_C_2160P)));

    assertThat(verdict.close()).isTrue();
    assertThat(verdict.reason())
        .isEqualTo("video configuration: picture: 3840x2160 (expected: 16x16 to 1920x1080)");
    assertThat(units).isEmpty();
  }

  @Test
  void dropsTagsOfZeroAndOneByte() {
    assertThat(video(0, "").close()).isFalse();
    assertThat(video(0, "17").close()).isFalse();
    assertThat(audio(0, "").close()).isFalse();
    assertThat(audio(0, "af").close()).isFalse();

    assertThat(drops()).containsEntry(DropReason.MALFORMED_TAG, 4L);
  }

  @Test
  void dropsAccessUnitsWithLengthsPastTheEnd() {
    video(0, AVC_CONFIG);
    video(0, "1701000000" + "000000ff658800");
    video(33, AVC_IDR);

    assertThat(units).hasSize(2);
    assertThat(drops()).containsEntry(DropReason.MALFORMED_FRAME, 1L);
  }

  @Test
  void usesTrack0AndCountsOthers() {
    video(0, "9600" + "61766331" + "00" + AVC_C);
    video(0, "9613" + "61766331" + "01000001aa" + "00000007" + "00000003658800");
    video(0, "9603" + "61766331" + "01" + "00000003658800");

    assertThat(units).hasSize(2);
    assertThat(drops()).containsEntry(DropReason.OTHER_TRACK, 2L);
  }

  @Test
  void manyOtherTracksCloseNothing() {
    for (int i = 0; i < 1000; i++) {
      assertThat(video(i, "9603" + "61766331" + "01" + "00000003658800").close()).isFalse();
    }
    assertThat(drops()).containsEntry(DropReason.OTHER_TRACK, 1000L);
  }

  @Test
  void tooManyBadTagsInASecondClose() {
    for (int i = 0; i < MAX_BAD_TAGS; i++) {
      assertThat(video(i, "17").close()).isFalse();
    }
    DemuxVerdict verdict = video(11, "91766331");

    assertThat(verdict.close()).isTrue();
    assertThat(verdict.reason()).startsWith("badTags: more than 10 per second, the last: fourCc");
  }

  @Test
  void theSameBadTagsSpreadOverTimeDoNot() {
    for (int i = 0; i < 100; i++) {
      nowNanos += 150_000_000L;
      assertThat(video(i, "17").close()).isFalse();
    }
    assertThat(drops()).containsEntry(DropReason.MALFORMED_TAG, 100L);
  }

  @Test
  void makesTheConfigurationOfMp3FromItsFrames() {
    audio(0, "2ffffb906400");
    audio(26, "2ffffb926400");
    audio(52, "2ffffb946400");

    assertThat(units).extracting(MediaUnit::codec).containsOnly(Codec.MP3);
    assertThat(units)
        .extracting(MediaUnit::isConfig)
        .containsExactly(true, false, false, true, false);
    assertThat(units).extracting(MediaUnit::track).containsOnly(TrackKind.AUDIO);
    assertThat(units.get(4).generation()).isEqualTo(2);
  }

  @Test
  void readsWhatThePublisherDeclares() {
    demuxer.onMetaData(
        Map.of(
            "videodatarate", 4500.5,
            "audiodatarate", 128.0,
            "framerate", 29.97,
            "encoder", "obs\r\n\u001b[31m"));

    assertThat(demuxer.metadata())
        .isEqualTo(new StreamMetadata(4_500_500, 128_000, 29.97, "obs???[31m"));
    assertThat(demuxer.metadata().bitrateBps()).isEqualTo(4_628_500);
  }

  @Test
  void ignoresDeclarationsThatMakeNoSense() {
    demuxer.onMetaData(
        Map.of(
            "videodatarate", Double.NaN, "audiodatarate", -1.0, "framerate", "30", "encoder", 7));

    assertThat(demuxer.metadata()).isEqualTo(StreamMetadata.NONE);
  }

  @Test
  void randomTagsNeverThrow() {
    FlvDemuxer tolerant =
        new FlvDemuxer(
            new DemuxSettings(CodecLimits.standard(), Integer.MAX_VALUE), () -> 0, units::add);
    Random random = new Random(17);
    byte[][] seeds = {
      HexFormat.of().parseHex(AVC_CONFIG),
      HexFormat.of().parseHex(AVC_IDR),
      HexFormat.of().parseHex(AAC_CONFIG),
      HexFormat.of().parseHex(AAC_FRAME),
      HexFormat.of().parseHex("9613" + "61766331" + "01000001aa" + "00000007" + "00000003658800")
    };
    for (int i = 0; i < 100_000; i++) {
      byte[] body = seeds[random.nextInt(seeds.length)].clone();
      for (int j = random.nextInt(3); j > 0; j--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt();
      }
      ByteBuffer in = ByteBuffer.wrap(body, 0, 1 + random.nextInt(body.length));
      tolerant.onVideo(random.nextInt() & 0xFFFFFFFFL, in);
      tolerant.onAudio(random.nextInt() & 0xFFFFFFFFL, in);
    }
    assertThat(units).isNotEmpty();
    assertThat(tolerant.dropped().values()).anyMatch(count -> count > 0);
  }

  private DemuxVerdict video(long timestampMs, String hex) {
    return demuxer.onVideo(timestampMs, ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }

  private DemuxVerdict audio(long timestampMs, String hex) {
    return demuxer.onAudio(timestampMs, ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }

  private Map<DropReason, Long> drops() {
    Map<DropReason, Long> drops = demuxer.dropped();
    drops.values().removeIf(count -> count == 0);
    return drops;
  }
}
