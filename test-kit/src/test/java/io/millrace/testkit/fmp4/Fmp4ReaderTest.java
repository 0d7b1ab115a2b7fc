package io.millrace.testkit.fmp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.Codec;
import io.millrace.media.codec.AudioFormats;
import io.millrace.media.codec.CodecLimits;
import io.millrace.media.fmp4.Fragments;
import io.millrace.media.fmp4.InitSegments;
import io.millrace.media.fmp4.Sample;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class Fmp4ReaderTest {
  private static final byte[] AVC_C = {1, 66, 0, 30, -1, -31, 0, 0};

  @Test
  void readsAVideoInit() {
    Fmp4Init init = Fmp4Reader.init(InitSegments.videoFromAvcC(AVC_C, 854, 480));

    assertThat(init)
        .usingRecursiveComparison()
        .isEqualTo(new Fmp4Init("vide", "avc1", 90_000, 854, 480, AVC_C));
  }

  @Test
  void readsAnAudioInit() throws Exception {
    byte[] config = {0x12, 0x08};
    byte[] bytes =
        InitSegments.audio(AudioFormats.parse(Codec.AAC, config, CodecLimits.standard()));

    Fmp4Init init = Fmp4Reader.init(bytes);

    assertThat(init.handler()).isEqualTo("soun");
    assertThat(init.sampleEntry()).isEqualTo("mp4a");
    assertThat(init.timescale()).isEqualTo(44_100);
    assertThat(init.config()).containsSubsequence(config);
  }

  @Test
  void readsAllFragmentsOfASegment() {
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    segment.writeBytes(
        Fragments.write(
            3,
            900,
            List.of(
                new Sample(3000, 0, true, new byte[] {1}),
                new Sample(2990, 6000, false, new byte[] {2, 3}),
                new Sample(3010, -3000, false, new byte[0]))));
    segment.writeBytes(
        Fragments.write(-1, 1L << 40, List.of(new Sample(1024, 0, true, new byte[] {4}))));

    List<Fmp4Fragment> fragments = Fmp4Reader.fragments(segment.toByteArray());

    assertThat(fragments)
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                new Fmp4Fragment(
                    3,
                    900,
                    List.of(
                        new Fmp4Sample(900, 3000, 0, true, new byte[] {1}),
                        new Fmp4Sample(3900, 2990, 6000, false, new byte[] {2, 3}),
                        new Fmp4Sample(6890, 3010, -3000, false, new byte[0]))),
                new Fmp4Fragment(
                    0xFFFFFFFFL,
                    1L << 40,
                    List.of(new Fmp4Sample(1L << 40, 1024, 0, true, new byte[] {4})))));
    assertThat(fragments.get(0).durationTicks()).isEqualTo(9000);
    assertThat(fragments.get(0).firstPts()).isEqualTo(900);
  }

  @Test
  void rejectsASegmentThatIsCutShort() {
    byte[] whole = Fragments.write(1, 0, List.of(new Sample(1, 0, true, new byte[] {1, 2})));

    assertThatThrownBy(() -> Fmp4Reader.fragments(Arrays.copyOf(whole, whole.length - 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("box size");
  }
}
