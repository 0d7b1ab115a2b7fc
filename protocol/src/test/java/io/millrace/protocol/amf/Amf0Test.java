package io.millrace.protocol.amf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class Amf0Test {
  private static final HexFormat HEX = HexFormat.of();

  /** name, value, bytes: for reading and writing. */
  static Stream<Arguments> cases() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("a", 1.0);
    object.put("b", Map.of("c", "d"));
    return Stream.of(
        Arguments.of("number", 1.0, "003ff0000000000000"),
        Arguments.of("not a number", Double.NaN, "007ff8000000000000"),
        Arguments.of("true", true, "0101"),
        Arguments.of("false", false, "0100"),
        Arguments.of("string", "ab", "0200026162"),
        Arguments.of("empty string", "", "020000"),
        Arguments.of("not ASCII", "é", "020002c3a9"),
        Arguments.of("null", null, "05"),
        Arguments.of("undefined", AmfUndefined.UNDEFINED, "06"),
        Arguments.of("empty object", Map.of(), "03000009"),
        Arguments.of(
            "object", object, "03000161003ff000000000000000016203000163020001640000090000" + "09"),
        Arguments.of("array", Arrays.asList(null, true), "0a00000002050101"),
        Arguments.of("date", new AmfDate(0, 0), "0b00000000000000000000"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void readsEachType(String name, Object value, String hex) throws AmfException {
    assertThat(read(hex)).as(name).isEqualTo(Collections.singletonList(value));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void writesEachType(String name, Object value, String hex) {
    assertThat(HEX.formatHex(new Amf0Writer().value(value).toBytes())).as(name).isEqualTo(hex);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void refusesEachTypeCutShort(String name, Object value, String hex) {
    for (int length = 2; length < hex.length(); length += 2) {
      String cut = hex.substring(0, length);
      assertThatThrownBy(() -> read(cut)).as(name).isInstanceOf(AmfException.class);
    }
  }

  @Test
  void readsAndWritesLongStrings() throws AmfException {
    String text = "x".repeat(70_000);
    byte[] bytes = Amf0Writer.bytes(text);
    assertThat(bytes).hasSize(70_005).startsWith(12, 0, 1);
    assertThat(Amf0Reader.readAll(ByteBuffer.wrap(bytes), AmfLimits.STANDARD))
        .containsExactly(text);
  }

  @Test
  void readsEcmaArraysWhateverTheirCountSays() throws AmfException {
    for (String count : List.of("00000000", "00000001", "ffffffff")) {
      assertThat(read("08" + count + "0001610101" + "000009")).containsExactly(Map.of("a", true));
    }
    assertThat(read("08000000010001610101")).containsExactly(Map.of("a", true));
  }

  @Test
  void readsTypedObjectsAsPlainMaps() throws AmfException {
    assertThat(read("1000024162" + "0001610101" + "000009")).containsExactly(Map.of("a", true));
  }

  @ParameterizedTest
  @CsvSource({
    "070000, true",
    "0f00000000, true",
    "11, true",
    "0d, true",
    "ff, true",
    "0affffffff, false",
    "02ffff61, false",
    "0cffffffff61, false",
    "0cffffffff, false"
  })
  void refusesWhatItCannotHold(String hex, boolean unsupported) {
    assertThatThrownBy(() -> read(hex))
        .isInstanceOfSatisfying(
            AmfException.class,
            e -> {
              assertThat(e.isUnsupported()).isEqualTo(unsupported);
              assertThat(e.getStackTrace()).isEmpty();
            });
  }

  @Test
  void refusesDeepNesting() throws AmfException {
    assertThat(read("0a00000001".repeat(16) + "05")).hasSize(1);
    assertThatThrownBy(() -> read("0a00000001".repeat(17) + "05")).hasMessageContaining("depth");
    assertThatThrownBy(() -> read("03000161".repeat(10_000))).hasMessageContaining("depth");
  }

  @Test
  void refusesTooManyValues() throws AmfException {
    assertThat(read("05".repeat(2048))).hasSize(2048);
    assertThatThrownBy(() -> read("05".repeat(2049))).hasMessageContaining("values");
  }

  @Test
  void neverFailsOtherwiseOnRandomBytes() {
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = (byte) (random.nextBoolean() ? random.nextInt(18) : random.nextInt(256));
      }
      try {
        Amf0Reader.readAll(ByteBuffer.wrap(bytes), AmfLimits.STANDARD);
      } catch (AmfException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(10_000, 49_999);
  }

  private static List<Object> read(String hex) throws AmfException {
    return Amf0Reader.readAll(ByteBuffer.wrap(HEX.parseHex(hex)), AmfLimits.STANDARD);
  }
}
