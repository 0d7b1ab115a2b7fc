package io.millrace.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.Codec;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Also row 30 of the bad inputs: what a decoder must never be opened with. */
final class VideoFormatsTest {
  private static final CodecLimits LIMITS = CodecLimits.standard();

  static List<ParameterSets.Case> records() {
    return ParameterSets.ALL;
  }

  @ParameterizedTest
  @MethodSource("records")
  void readsWhatTheEncoderSays(ParameterSets.Case c) throws Exception {
    VideoFormat format = VideoFormats.parse(c.codec(), c.bytes(), LIMITS);

    assertThat(ParameterSets.describe(format)).isEqualTo(c.expected());
  }

  @ParameterizedTest
  @MethodSource("records")
  void normalisedRecordReadsTheSameAndStaysAsItIs(ParameterSets.Case c) throws Exception {
    VideoFormat first = VideoFormats.parse(c.codec(), c.bytes(), LIMITS);
    VideoFormat second = VideoFormats.parse(c.codec(), first.configRecord(), LIMITS);

    assertThat(ParameterSets.describe(second)).isEqualTo(c.expected());
    assertThat(second.configRecord()).isEqualTo(first.configRecord());
  }

  @ParameterizedTest
  @MethodSource("records")
  void rejectsARecordThatIsCutShort(ParameterSets.Case c) {
    byte[] whole = c.bytes();
    int parameterSetsEnd = c.codec() == Codec.H264 ? whole.length - 4 : whole.length;
    if (c.name().contains("baseline") || c.name().contains("2160p60")) {
      parameterSetsEnd = whole.length;
    }
    for (int size = 0; size < parameterSetsEnd - 4; size++) {
      byte[] cut = Arrays.copyOf(whole, size);
      assertThatThrownBy(() -> VideoFormats.parse(c.codec(), cut, LIMITS))
          .as("%d of %d bytes", size, whole.length)
          .isInstanceOf(CodecException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void mutatedRecordsAreReadOrRejectedAndNothingElse(ParameterSets.Case c) {
    Random random = new Random(42);
    int rejected = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = c.bytes();
      int changes = 1 + random.nextInt(4);
      for (int j = 0; j < changes; j++) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      try {
        VideoFormat format = VideoFormats.parse(c.codec(), mutated, LIMITS);
        assertThat(Math.max(format.codedWidth(), format.codedHeight())).isBetween(1, 4096);
        assertThat(Math.min(format.codedWidth(), format.codedHeight())).isBetween(1, 2304);
        assertThat(format.frameRate()).isBetween(0.0, 120.0);
      } catch (CodecException e) {
        assertThat(e).hasMessageContaining("expected: ");
        rejected++;
      }
    }
    assertThat(rejected).isPositive();
  }

  @Test
  void randomBytesAreRejected() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      for (Codec codec : List.of(Codec.HEVC, Codec.AV1)) {
        assertThatThrownBy(() -> VideoFormats.parse(codec, bytes, LIMITS))
            .isInstanceOf(CodecException.class);
      }
    }
  }

  static Stream<Object[]> badRecords() {
    return Stream.of(
        bad("255 SPS of nothing", avcC(0xFF, new byte[0]), "avcC.sps: "),
        bad("SPS of zero length", "0164001fffe10000", "avcC.sps: 0 bytes"),
        bad("SPS longer than the record", "0164001fffe1ffff67", "avcC.sps: 65535 bytes"),
        bad("no SPS", "0164001fffe001000168", "avcC.spsCount: 0"),
        bad("no PPS", avcC(1, sps(40, 30, 0, 0, 0)), "avcC.pps"),
        bad("3-byte lengths", "0164001ffee1", "avcC.nalLengthSize: 3"),
        bad("version 2", "0264001fff", "avcC.version: 2"),
        bad("16384x16384", withPps(sps(1024, 1024, 0, 0, 0)), "picture: "),
        bad("2^32 macroblocks", withPps(sps(0xFFFFFFFFL, 1, 0, 0, 0)), "pic_width_in_mbs_minus1"),
        bad("crop larger than the picture", withPps(sps(40, 30, 400, 0, 0)), "cropWidth: 800"),
        bad("crop leaves 0x0", withPps(sps(40, 30, 320, 0, 0)), "cropWidth: 640"),
        bad("1e9 frames per second", withPps(sps(40, 30, 0, 1, 2_000_000_000L)), "frameRate: "),
        bad("PPS where SPS should be", withPps(new byte[] {0x68, 1, 2, 3}), "sps.nalHeader"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badRecords")
  void rejectsH264Record(String name, byte[] record, String message) {
    assertThatThrownBy(() -> VideoFormats.parse(Codec.H264, record, LIMITS))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining(message);
  }

  @Test
  void acceptsTheHandMadeSpsThatTheBadOnesAreMadeFrom() throws Exception {
    VideoFormat format =
        VideoFormats.parse(Codec.H264, withPps(sps(40, 30, 0, 1001, 60_000)), LIMITS);

    assertThat(ParameterSets.describe(format)).startsWith("640x480 as 640x480, 29.970 fps");
  }

  @Test
  void rejectsHvcCWith65535NalUnits() {
    byte[] record = ParameterSets.HEVC_720P30.bytes();
    record[24] = (byte) 0xFF;
    record[25] = (byte) 0xFF;

    assertThatThrownBy(() -> VideoFormats.parse(Codec.HEVC, record, LIMITS))
        .isInstanceOf(CodecException.class)
        .hasMessage("hvcC.numNalus: 65535 (expected: 0 to 64)");
  }

  @Test
  void rejectsAConfigurationAboveTheSizeLimit() {
    assertThatThrownBy(() -> VideoFormats.parse(Codec.H264, new byte[70_000], LIMITS))
        .hasMessage("configuration: 70000 bytes (expected: at most 65536)");
  }

  @Test
  void keepsParameterSetsOfHevcOnlyInTheRecord() throws Exception {
    VideoFormat format = VideoFormats.parse(Codec.HEVC, ParameterSets.HEVC_720P30.bytes(), LIMITS);

    byte[] record = format.configRecord();
    assertThat(record[0]).isEqualTo((byte) 1);
    assertThat(record[21] & 3).as("4-byte lengths").isEqualTo(3);
    assertThat(record[23] & 0x80).as("array_completeness").isEqualTo(0x80);
  }

  private static Object[] bad(String name, String hex, String message) {
    return bad(name, HexFormat.of().parseHex(hex), message);
  }

  private static Object[] bad(String name, byte[] record, String message) {
    return new Object[] {name, record, message};
  }

  private static byte[] avcC(int spsCount, byte[] sps) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {1, 66, 0, 30, (byte) 0xFF});
    out.write(0xE0 | spsCount);
    out.write(sps.length >> 8);
    out.write(sps.length);
    out.writeBytes(sps);
    return out.toByteArray();
  }

  private static byte[] withPps(byte[] sps) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(avcC(1, sps));
    out.writeBytes(new byte[] {1, 0, 4, 0x68, (byte) 0xCE, 0x0F, (byte) 0xC8});
    return out.toByteArray();
  }

  /** Baseline, sizes in macroblocks, crop on the right in pairs of samples, fixed rate if given. */
  private static byte[] sps(
      long widthMbs, long heightMbs, int cropPairs, long unitsInTick, long timeScale) {
    BitWriter w = new BitWriter().bits(0x67, 8).bits(66, 8).bits(0, 8).bits(30, 8);
    w.ue(0).ue(0).ue(2).ue(1).bits(0, 1).ue(widthMbs - 1).ue(heightMbs - 1).bits(3, 2);
    w.bits(cropPairs > 0 ? 1 : 0, 1);
    if (cropPairs > 0) {
      w.ue(0).ue(cropPairs).ue(0).ue(0);
    }
    w.bits(timeScale > 0 ? 1 : 0, 1);
    if (timeScale > 0) {
      w.bits(0, 4).bits(1, 1).bits(unitsInTick, 32).bits(timeScale, 32).bits(1, 1);
    }
    return w.nalUnit();
  }
}
