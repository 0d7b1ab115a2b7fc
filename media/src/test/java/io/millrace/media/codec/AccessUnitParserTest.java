package io.millrace.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.Codec;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Also row 31 of the bad inputs: access units with lying lengths, too many NAL units, huge SEI. */
final class AccessUnitParserTest {
  private static final CodecLimits LIMITS = CodecLimits.standard();

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "IDR slice, 00000003658800, true, 00000003658800",
    "P slice, 00000003419a00, false, 00000003419a00",
    "delimiter dropped, 0000000209f00000000365880000000000, true, 00000003658800",
    "filler dropped, 00000003658800000000040cffff80, true, 00000003658800",
    "SEI kept, 0000000206050000000365 8800, true, 000000020605000000036 58800",
    "SEI alone is no picture, 000000020605, false, ''",
    "zero lengths skipped, 0000000000000003658800, true, 00000003658800",
    "the configuration's PPS dropped, 0000000668ebe3cb22c000000003658800, true, 00000003658800",
    "another PPS kept, 0000000268ff00000003658800, true, 0000000268ff00000003658800",
    "recovery point is no IDR, 0000000206060000000341e000, false, 0000000206060000000341e000",
  })
  void readsH264(String name, String in, boolean idr, String out) throws Exception {
    check(ParameterSets.H264_1080P30, in, idr, out);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "IDR_W_RADL, 00000003260100, true, 00000003260100",
    "IDR_N_LP, 00000003280100, true, 00000003280100",
    "CRA is no IDR, 000000032a0100, false, 000000032a0100",
    "BLA is no IDR, 00000003200100, false, 00000003200100",
    "parameter sets dropped, 00000003400100000000034201000000000344010000000003260100, true,"
        + " 00000003260100",
    "prefix SEI kept, 000000034e010000000003260100, true, 000000034e010000000003260100",
  })
  void readsHevc(String name, String in, boolean idr, String out) throws Exception {
    check(ParameterSets.HEVC_720P30, in, idr, out);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "shown key frame, 3202 1000, true, 3202 1000",
    "temporal delimiter dropped, 1200 3202 1000, true, 3202 1000",
    "inter frame, 3202 3000, false, 3202 3000",
    "hidden key frame, 3202 0000, false, 3202 0000",
    "shown existing frame, 1a01 80, false, 1a01 80",
    "last OBU without size, 30 1000, true, 30 1000",
    "delimiter alone is no picture, 1200, false, ''",
  })
  void readsAv1(String name, String in, boolean idr, String out) throws Exception {
    check(ParameterSets.AV1_AOM, in, idr, out);
  }

  @ParameterizedTest
  @CsvSource({"0, 03658800", "1, 0003658800"})
  void makesFourByteLengths(int lengthSizeMinusOne, String sample) throws Exception {
    byte[] config = ParameterSets.H264_1080P30.bytes();
    config[4] = (byte) (0xFC | lengthSizeMinusOne);

    AccessUnit unit =
        AccessUnitParser.create(Codec.H264, config, LIMITS).parse(HexFormat.of().parseHex(sample));

    assertThat(unit.data()).asHexString().isEqualToIgnoringCase("00000003658800");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "H264, 00000004658800, nalLength: 4",
    "H264, ffffffff658800, nalLength: 4294967295",
    "H264, 7fffffff, nalLength: 2147483647",
    "H264, 0000000365880000, nalLength: cut short",
    "HEVC, 00000004260100, nalLength: 4",
    "AV1, 320510, obu_size: 5",
    "AV1, 32ffffffffff, obu_size: cut short",
    "AV1, 3200, obu.frameHeader: 0 bytes",
    "AV1, b2011000, obu_forbidden_bit: 1",
  })
  void rejectsLengthsPastTheEnd(Codec codec, String sample, String message) throws Exception {
    AccessUnitParser parser = parser(codec);

    assertThatThrownBy(() -> parser.parse(HexFormat.of().parseHex(sample)))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void rejectsAHundredThousandNalUnits() throws Exception {
    ByteBuffer sample = ByteBuffer.allocate(500_000);
    while (sample.hasRemaining()) {
      sample.putInt(1).put((byte) 0x65);
    }

    assertThatThrownBy(() -> parser(Codec.H264).parse(sample.array()))
        .hasMessage("nalUnits: 2049 (expected: at most 2048)");
  }

  @Test
  void rejectsAHundredThousandEmptyNalUnits() throws Exception {
    assertThatThrownBy(() -> parser(Codec.H264).parse(new byte[400_000]))
        .hasMessage("nalUnits: 2049 (expected: at most 2048)");
  }

  @Test
  void rejectsAnSeiOfFiveMegabytes() throws Exception {
    byte[] sample = ByteBuffer.allocate(5_000_004).putInt(5_000_000).put((byte) 6).array();

    assertThatThrownBy(() -> parser(Codec.H264).parse(sample))
        .hasMessage("sei: 5000000 bytes (expected: at most 262144)");
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"H264", "HEVC", "AV1"})
  void randomSamplesAreReadOrRejectedAndNothingElse(Codec codec) throws Exception {
    AccessUnitParser parser = parser(codec);
    Random random = new Random(11);
    int rejected = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] sample = new byte[random.nextInt(64)];
      random.nextBytes(sample);
      if (sample.length > 3 && codec != Codec.AV1) {
        sample[0] = 0;
        sample[1] = 0;
        sample[2] = 0;
        sample[3] &= 0x3F;
      }
      int size = sample.length;
      try {
        assertThat(parser.parse(sample).data().length).isLessThanOrEqualTo(size + 4);
      } catch (CodecException e) {
        rejected++;
      }
    }
    assertThat(rejected).isPositive();
  }

  private static AccessUnitParser parser(Codec codec) throws CodecException {
    ParameterSets.Case c =
        codec == Codec.H264
            ? ParameterSets.H264_1080P30
            : codec == Codec.HEVC ? ParameterSets.HEVC_720P30 : ParameterSets.AV1_AOM;
    return AccessUnitParser.create(codec, c.bytes(), LIMITS);
  }

  private static void check(ParameterSets.Case config, String in, boolean idr, String out)
      throws CodecException {
    AccessUnit unit = parser(config.codec()).parse(HexFormat.of().parseHex(in.replace(" ", "")));

    assertThat(HexFormat.of().formatHex(unit.data())).isEqualTo(out.replace(" ", ""));
    assertThat(unit.idr()).isEqualTo(idr);
  }
}
