package io.millrace.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.Codec;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AudioFormatsTest {
  private static final CodecLimits LIMITS = CodecLimits.standard();

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "AAC, 1190, 48000, 2, 1024, mp4a.40.2",
    "AAC, 1208, 44100, 1, 1024, mp4a.40.2",
    "AAC, 119056e500, 48000, 2, 1024, mp4a.40.2",
    "AAC, 1194, 48000, 2, 960, mp4a.40.2",
    "AAC, 11b0, 48000, 6, 1024, mp4a.40.2",
    "AAC, 2b118800, 24000, 2, 1024, mp4a.40.5",
    "AAC, eb098800, 24000, 2, 1024, mp4a.40.29",
    "AAC, 1f80000c0000, 3145728, 1, 0, rejected",
    "OPUS, 4f707573486561640102380180bb0000000000, 48000, 2, 0, opus",
    "MP3, fffb9064, 44100, 2, 1152, mp4a.40.34",
    "MP3, fff380c4, 22050, 1, 576, mp4a.40.34",
    "AC3, 0b770000144043e1, 48000, 2, 1536, ac-3",
    "AC3, 0b7700001c40e1de, 48000, 6, 1536, ac-3",
    "FLAC, 664c614380000022100010000000000000000ac442f000000000"
        + "00000000000000000000000000000000, 44100, 2, 4096, fLaC",
  })
  void readsConfiguration(
      Codec codec, String hex, int rate, int channels, int frameSamples, String codecs)
      throws Exception {
    byte[] config = HexFormat.of().parseHex(hex);
    if (codecs.equals("rejected")) {
      assertThatThrownBy(() -> AudioFormats.parse(codec, config, LIMITS))
          .isInstanceOf(CodecException.class);
      return;
    }

    AudioFormat format = AudioFormats.parse(codec, config, LIMITS);

    assertThat(format.sampleRate()).isEqualTo(rate);
    assertThat(format.channels()).isEqualTo(channels);
    assertThat(format.frameSamples()).isEqualTo(frameSamples);
    assertThat(format.codecs()).isEqualTo(codecs);
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "AAC, '', bits",
    "AAC, 11, bits",
    "AAC, 1690, samplingFrequencyIndex",
    "AAC, 11f8, channelConfiguration",
    "AAC, ba10, audioObjectType",
    "OPUS, 4f70757348656164, opusHead",
    "OPUS, 4f707573486561640109380180bb0000000000, opusHead.channels",
    "OPUS, 4f707573486561640103380180bb0000000000, opusHead.channels",
    "MP3, 00000000, mp3.sync",
    "MP3, ffff9c64, mp3.layer",
    "AC3, 0000000000000000, ac3.syncword",
    "FLAC, 664c614384000022, flac.blockType",
    "H264, 1190, codec",
  })
  void rejectsConfiguration(Codec codec, String hex, String field) {
    assertThatThrownBy(() -> AudioFormats.parse(codec, HexFormat.of().parseHex(hex), LIMITS))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith(field);
  }

  @Test
  void configurationOfAFrameIsTheSameForFramesOfOneFormat() throws Exception {
    byte[] first = AudioFormats.configOfFrame(Codec.MP3, HexFormat.of().parseHex("fffb906400"));
    byte[] padded = AudioFormats.configOfFrame(Codec.MP3, HexFormat.of().parseHex("fffbb25000"));

    assertThat(padded).isEqualTo(first);
    assertThat(AudioFormats.parse(Codec.MP3, first, LIMITS).sampleRate()).isEqualTo(44_100);
  }

  @Test
  void randomBytesAreReadOrRejectedAndNothingElse() {
    Random random = new Random(3);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(48)];
      random.nextBytes(bytes);
      for (Codec codec : List.of(Codec.AAC, Codec.OPUS, Codec.MP3, Codec.FLAC, Codec.AC3)) {
        try {
          AudioFormat format = AudioFormats.parse(codec, bytes, LIMITS);
          assertThat(format.sampleRate()).isBetween(7_350, 96_000);
          assertThat(format.channels()).isBetween(1, 8);
        } catch (CodecException e) {
          assertThat(e).hasMessageContaining("expected: ");
        }
      }
    }
  }
}
