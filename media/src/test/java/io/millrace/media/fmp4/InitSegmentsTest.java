package io.millrace.media.fmp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.Codec;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.AudioFormats;
import io.millrace.media.codec.CodecLimits;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.codec.VideoFormats;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Names are hashes of the bytes: a change here changes the URI of every stream's init segment. */
final class InitSegmentsTest {
  private static final byte[] AVC_C =
      HexFormat.of()
          .parseHex(
              "0142c01fffe100176742c01fd9005005bb011000003e90000ea600f183248001000568cb83cb20");

  @Test
  void namesOfKnownFormatsNeverChange() throws Exception {
    VideoFormat video = VideoFormats.parse(Codec.H264, AVC_C, CodecLimits.standard());
    AudioFormat audio = audio("1190");

    assertThat(InitNames.of(InitSegments.video(video))).isEqualTo("init-19a26df9a44a94ee.mp4");
    assertThat(InitNames.of(InitSegments.audio(audio))).isEqualTo("init-4fddfe1ff2ffeb1b.mp4");
  }

  @Test
  void encoderOutputHasTheSameInitAsTheSameStreamPassedThrough() throws Exception {
    VideoFormat video = VideoFormats.parse(Codec.H264, AVC_C, CodecLimits.standard());

    assertThat(InitSegments.videoFromAvcC(AVC_C, 1280, 720)).isEqualTo(InitSegments.video(video));
  }

  @Test
  void anotherFormatHasAnotherName() throws Exception {
    assertThat(InitNames.of(InitSegments.audio(audio("1190"))))
        .isNotEqualTo(InitNames.of(InitSegments.audio(audio("1208"))))
        .matches("init-[0-9a-f]{16}\\.mp4");
  }

  @Test
  void packagesNoAudioButAac() throws Exception {
    AudioFormat opus =
        AudioFormats.parse(
            Codec.OPUS,
            HexFormat.of().parseHex("4f707573486561640102380180bb0000000000"),
            CodecLimits.standard());

    assertThatThrownBy(() -> InitSegments.audio(opus)).hasMessage("codec: OPUS (expected: AAC)");
  }

  private static AudioFormat audio(String config) throws Exception {
    return AudioFormats.parse(Codec.AAC, HexFormat.of().parseHex(config), CodecLimits.standard());
  }
}
