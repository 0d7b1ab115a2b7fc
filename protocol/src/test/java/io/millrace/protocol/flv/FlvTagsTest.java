package io.millrace.protocol.flv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tag bodies, legacy and enhanced; also row 29 of the bad inputs. */
final class FlvTagsTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "AVC configuration, 17 00 000000 0164, SEQUENCE_START, AVC, true, 0, 0164, 0",
    "AVC key frame, 17 01 000043 aabb, FRAME, AVC, true, 67, aabb, 0",
    "AVC frame with negative offset, 27 01 ffffdf aa, FRAME, AVC, false, -33, aa, 0",
    "AVC end, 17 02 000000, SEQUENCE_END, AVC, true, 0, '', 0",
    "HEVC by codec id 12, 1c 01 000001 aa, FRAME, HEVC, true, 1, aa, 0",
    "command frame, 57 00, IGNORED, , false, 0, '', 0",
    "hvc1 configuration, 90 68766331 0101, SEQUENCE_START, HEVC, true, 0, 0101, 0",
    "hvc1 frame with offset, 91 68766331 000021 aa, FRAME, HEVC, true, 33, aa, 0",
    "hvc1 frame without offset, a3 68766331 aabb, FRAME, HEVC, false, 0, aabb, 0",
    "avc1 frame with negative offset, a1 61766331 ffffff aa, FRAME, AVC, false, -1, aa, 0",
    "av01 frame has no offset, 91 61763031 320210, FRAME, AV1, true, 0, 320210, 0",
    "end of sequence, 92 61763031, SEQUENCE_END, AV1, true, 0, '', 0",
    "metadata, 94 68766331 0200, IGNORED, , false, 0, '', 0",
    "enhanced command frame, d1 00, IGNORED, , false, 0, '', 0",
    "ModEx nanoseconds, 97 02 000001 01 68766331 000021 aa, FRAME, HEVC, true, 33, aa, 0",
    "ModEx with long size, 97 ff 0000 00 03 68766331 aa, FRAME, HEVC, true, 0, aa, 0",
    "one track 0, 96 03 68766331 00 aabb, FRAME, HEVC, true, 0, aabb, 0",
    "one track 1, 96 03 68766331 01 aabb, IGNORED, , false, 0, '', 1",
    "many tracks, 96 13 68766331 01 000001 cc 00 000002 aabb, FRAME, HEVC, true, 0, aabb, 1",
    "many codecs, 96 23 61763031 01 000001 cc 68766331 00 000002 aabb, FRAME, HEVC, true, 0,"
        + " aabb, 1",
    "unknown codec on another track, 96 23 76763031 01 000001 cc 68766331 00 000002 aabb, FRAME,"
        + " HEVC, true, 0, aabb, 1",
  })
  void readsVideo(
      String name,
      String hex,
      FlvPacketType type,
      FlvCodec codec,
      boolean key,
      int compositionTimeMs,
      String data,
      int otherTracks)
      throws Exception {
    ByteBuffer body = body(hex);

    FlvVideoTag tag = FlvVideoTag.parse(body);

    assertThat(tag.type()).isEqualTo(type);
    assertThat(tag.codec()).isEqualTo(codec);
    assertThat(tag.keyFrame()).isEqualTo(key);
    assertThat(tag.compositionTimeMs()).isEqualTo(compositionTimeMs);
    assertThat(hex(tag.data())).isEqualTo(data);
    assertThat(tag.otherTracks()).isEqualTo(otherTracks);
    assertThat(body.position()).as("body is not consumed").isZero();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "AAC configuration, af 00 1190, SEQUENCE_START, AAC, 1190, 0",
    "AAC frame, af 01 2100, FRAME, AAC, 2100, 0",
    "MP3 frame, 2f fffb90, FRAME, MP3, fffb90, 0",
    "MP3 at 8 kHz, ef fffb90, FRAME, MP3, fffb90, 0",
    "Opus configuration, 90 4f707573 4f70, SEQUENCE_START, OPUS, 4f70, 0",
    "Opus frame, 91 4f707573 fc, FRAME, OPUS, fc, 0",
    "FLAC, 90 664c6143 664c, SEQUENCE_START, FLAC, 664c, 0",
    "AC-3, 91 61632d33 0b77, FRAME, AC3, 0b77, 0",
    "MP3 by FourCC, 91 2e6d7033 fffb, FRAME, MP3, fffb, 0",
    "AAC by FourCC, 91 6d703461 21, FRAME, AAC, 21, 0",
    "end of sequence, 92 4f707573, SEQUENCE_END, OPUS, '', 0",
    "channel layout, 94 4f707573 0102, IGNORED, , 0102, 0",
    "track 1 of multitrack, 95 01 6d703461 01 21, IGNORED, , '', 1",
    "track 0 of multitrack, 95 01 6d703461 00 21, FRAME, AAC, 21, 0",
    "ModEx, 97 00 00 01 4f707573 fc, FRAME, OPUS, fc, 0",
  })
  void readsAudio(
      String name, String hex, FlvPacketType type, FlvCodec codec, String data, int otherTracks)
      throws Exception {
    FlvAudioTag tag = FlvAudioTag.parse(body(hex));

    assertThat(tag.type()).isEqualTo(type);
    assertThat(tag.codec()).isEqualTo(codec);
    assertThat(hex(tag.data())).isEqualTo(data);
    assertThat(tag.otherTracks()).isEqualTo(otherTracks);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "no byte, '', MALFORMED, videoTag",
    "one byte, 17, MALFORMED, videoTag",
    "AVC cut short, 17010000, MALFORMED, videoTag",
    "AVC packet type 3, 1703000000, MALFORMED, avcPacketType",
    "Sorenson H.263, 22 00, UNSUPPORTED_CODEC, videoCodecId: 2",
    "codec id 0, 10 00, UNSUPPORTED_CODEC, videoCodecId: 0",
    "unknown FourCC, 91 76766331 aa, UNSUPPORTED_CODEC, videoFourCc: 'vvc1'",
    "unprintable FourCC, 91 0d0a1b00 aa, UNSUPPORTED_CODEC, videoFourCc: 0xd0a1b00",
    "audio FourCC, 91 4f707573 aa, UNSUPPORTED_CODEC, videoFourCc: 'Opus'",
    "FourCC cut short, 91 687663, MALFORMED, fourCc",
    "offset cut short, 91 68766331 0000, MALFORMED, compositionTime",
    "ModEx past the end, 97 20 00, MALFORMED, modEx",
    "ModEx without size, 97, MALFORMED, modEx.size",
    "ModEx long size cut short, 97 ff 00, MALFORMED, modEx.size",
    "ModEx without end, 97 0000 07 0000 07 0000 07, MALFORMED, modEx.size",
    "multitrack inside multitrack, 96 06 68766331 00, MALFORMED, multitrack",
    "ModEx inside multitrack, 96 07 68766331 00, MALFORMED, multitrack",
    "multitrack type 3, 96 33 68766331 00, MALFORMED, multitrack",
    "track larger than the tag, 96 13 68766331 00 00ffff aa, MALFORMED, sizeOfTrack",
    "second track larger than the tag, 96 13 68766331 00 000001 aa 01 ffffff, MALFORMED,"
        + " sizeOfTrack",
    "multitrack without a track, 96 13 68766331, MALFORMED, trackId",
  })
  void rejectsVideo(String name, String hex, FlvError error, String field) {
    assertThatThrownBy(() -> FlvVideoTag.parse(body(hex)))
        .isInstanceOfSatisfying(FlvException.class, e -> assertThat(e.error()).isEqualTo(error))
        .hasMessageStartingWith(field);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "no byte, '', MALFORMED, audioTag",
    "AAC of one byte, af, MALFORMED, aacPacketType",
    "AAC packet type 2, af02, MALFORMED, aacPacketType",
    "Speex, b2 00, UNSUPPORTED_CODEC, soundFormat: 11",
    "E-AC-3, 91 65632d33 0b, UNSUPPORTED_CODEC, audioFourCc: 'ec-3'",
    "video FourCC, 91 68766331 0b, UNSUPPORTED_CODEC, audioFourCc: 'hvc1'",
    "cut short, 91 4f70, MALFORMED, fourCc",
  })
  void rejectsAudio(String name, String hex, FlvError error, String field) {
    assertThatThrownBy(() -> FlvAudioTag.parse(body(hex)))
        .isInstanceOfSatisfying(FlvException.class, e -> assertThat(e.error()).isEqualTo(error))
        .hasMessageStartingWith(field);
  }

  @Test
  void endlessModExChainIsRejected() {
    ByteBuffer body = ByteBuffer.allocate(3_000_001).put((byte) 0x97);
    while (body.hasRemaining()) {
      body.put((byte) 0).put((byte) 0).put((byte) 7);
    }

    assertThatThrownBy(() -> FlvVideoTag.parse(body.flip()))
        .hasMessage("modEx: 17 (expected: at most 16)");
  }

  @Test
  void randomBodiesAreReadOrRejectedAndNothingElse() {
    Random random = new Random(5);
    int read = 0;
    int rejected = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] body = new byte[random.nextInt(40)];
      random.nextBytes(body);
      if (body.length > 8 && random.nextBoolean()) {
        body[0] = (byte) (0x90 | random.nextInt(8));
        ByteBuffer.wrap(body).putInt(1, FlvCodec.HEVC.fourCc());
      }
      try {
        FlvVideoTag tag = FlvVideoTag.parse(ByteBuffer.wrap(body));
        assertThat(tag.data().remaining()).isLessThanOrEqualTo(body.length);
        read++;
      } catch (FlvException e) {
        rejected++;
      }
      try {
        FlvAudioTag tag = FlvAudioTag.parse(ByteBuffer.wrap(body));
        assertThat(tag.data().remaining()).isLessThanOrEqualTo(body.length);
        read++;
      } catch (FlvException e) {
        rejected++;
      }
    }
    assertThat(read).isPositive();
    assertThat(rejected).isPositive();
  }

  private static ByteBuffer body(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String hex(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
