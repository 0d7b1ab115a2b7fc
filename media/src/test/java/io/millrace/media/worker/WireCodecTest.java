package io.millrace.media.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.Codec;
import io.millrace.media.TrackKind;
import io.millrace.media.codec.ColorDescription;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WireCodecTest {
  private static final RungSettings RUNG =
      new RungSettings(
          "480p",
          854,
          480,
          30_000,
          1001,
          1_200_000,
          1_300_000,
          1_400_000,
          "main",
          31,
          new ColorDescription(1, 13, 6, true));

  /** Name, message, and its bytes where they are fixed here (else only the round trip counts). */
  static Stream<Arguments> messages() {
    return Stream.of(
        Arguments.of("hello", new WireMessage.Hello(), "0000000101"),
        Arguments.of("flush", new WireMessage.Flush(258), "000000050400000102"),
        Arguments.of("thumb", new WireMessage.Thumb(), "0000000106"),
        Arguments.of("end", new WireMessage.End(), "0000000107"),
        Arguments.of(
            "rungs",
            new WireMessage.Rungs(List.of(new RungSwitch("a", true, 2))),
            "000000080501" + "000161" + "01" + "0002"),
        Arguments.of(
            "unit",
            new WireMessage.Unit(
                new WorkerUnit(7, 3, TrackKind.VIDEO, -1, 2, true, false, 5, new byte[] {9, 8})),
            "0000003003"
                + "0000000000000007"
                + "00000003"
                + "0005564944454f"
                + "ffffffffffffffff"
                + "0000000000000002"
                + "0100"
                + "0000000000000005"
                + "0908"),
        Arguments.of(
            "config",
            new WireMessage.Config(
                new WorkerConfig(
                    4,
                    TrackKind.VIDEO,
                    Codec.HEVC,
                    new byte[] {1, 2, 3},
                    List.of(RUNG),
                    Optional.empty())),
            null),
        Arguments.of(
            "audio config",
            new WireMessage.Config(
                new WorkerConfig(
                    1,
                    TrackKind.AUDIO,
                    Codec.OPUS,
                    new byte[0],
                    List.of(),
                    Optional.of(new AudioRungSettings(48_000, 2, 128_000)))),
            null),
        Arguments.of("ready", new WireMessage.Ready("x"), "0000000441000178"),
        Arguments.of("flushed", new WireMessage.Flushed(1), "000000054400000001"),
        Arguments.of(
            "init",
            new WireMessage.Init("a", 2, new byte[] {5}),
            "0000000942" + "000161" + "00000002" + "05"),
        Arguments.of(
            "packet",
            new WireMessage.Packet(new EncodedPacket("a", 1, 2, 3, 4, true, new byte[] {6, 7})),
            "0000002343"
                + "000161"
                + "00000001"
                + "0000000000000002"
                + "0000000000000003"
                + "0000000000000004"
                + "01"
                + "0607"),
        Arguments.of("dropped", new WireMessage.Dropped("a", 9, 2), null),
        Arguments.of("stats", new WireMessage.Stats(new WorkerStats(1, 2, 3, 4, 5)), null),
        Arguments.of(
            "thumbnail", new WireMessage.Thumbnail(new byte[] {-1, -40}), "0000000347ffd8"));
  }

  private static byte[] encode(WireMessage message) throws IOException {
    WireOutput frame = new WireOutput();
    WireCodec.encode(message, frame);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    frame.writeTo(bytes);
    return bytes.toByteArray();
  }

  private static WireMessage decode(byte[] bytes) throws IOException {
    return WireCodec.decode(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void writesAndReadsBack(String name, WireMessage message, String hex) throws IOException {
    byte[] bytes = encode(message);
    if (hex != null) {
      assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex);
    }
    assertThat(decode(bytes)).as(name).usingRecursiveComparison().isEqualTo(message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void refusesEveryTruncation(String name, WireMessage message) throws IOException {
    byte[] bytes = encode(message);
    for (int length = 1; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> decode(part)).as(name).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void endsBetweenFrames() throws IOException {
    assertThat(decode(new byte[0])).isNull();
  }

  @Test
  void refusesFramesBeyondTheLimitBeforeAllocating() {
    assertThatThrownBy(() -> decode(HexFormat.of().parseHex("7fffffff03")))
        .isInstanceOf(WireException.class)
        .hasMessage("frame length: 2147483647 (expected: 1..16777472)");
    assertThatThrownBy(() -> decode(HexFormat.of().parseHex("ffffffff03")))
        .isInstanceOf(WireException.class);
    assertThatThrownBy(() -> decode(HexFormat.of().parseHex("00000000")))
        .isInstanceOf(WireException.class);
  }

  @Test
  void refusesWhatIsLeftOverAndUnknownTypes() {
    assertThatThrownBy(() -> decode(HexFormat.of().parseHex("000000020700")))
        .hasMessage("frame: 1 bytes left (expected: none)");
    assertThatThrownBy(() -> decode(HexFormat.of().parseHex("0000000163")))
        .hasMessage("frame type: 99 (expected: a known type)");
  }

  @Test
  void answersGarbageWithAnIoExceptionOnly() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[5 + random.nextInt(60)];
      random.nextBytes(bytes);
      bytes[0] = 0;
      bytes[1] = 0;
      bytes[2] = 0;
      bytes[3] = (byte) (bytes.length - 4);
      bytes[4] = (byte) random.nextInt(72);
      try {
        assertThat(decode(bytes)).isNotNull();
      } catch (IOException e) {
        assertThat(e).isInstanceOfAny(WireException.class, EOFException.class);
      }
    }
  }
}
