package io.millrace.protocol.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChunkReaderTest {
  private static final byte[] BODY = body(300);

  /** name, bytes, messages as {@code type@time:length#hash}. */
  static Stream<Arguments> cases() {
    byte[] head = slice(0, 128);
    byte[] middle = slice(128, 256);
    byte[] tail = slice(256, 300);
    return Stream.of(
        Arguments.of("nothing", new Wire(), List.of()),
        Arguments.of(
            "one chunk", new Wire().type0(4, 7, 3, 8, 1).raw(1, 2, 3), List.of("8/1@7:010203")),
        Arguments.of("empty message", new Wire().type0(4, 7, 0, 8, 1), List.of("8/1@7:")),
        Arguments.of(
            "three chunks",
            new Wire().type0(6, 9, 300, 9, 1).raw(head).type3(6).raw(middle).type3(6).raw(tail),
            List.of("9/1@9:" + hex(BODY))),
        Arguments.of(
            "deltas of all types",
            new Wire()
                .type0(4, 100, 1, 8, 1)
                .raw(1)
                .type1(4, 10, 1, 8)
                .raw(2)
                .type2(4, 20)
                .raw(3)
                .type3(4)
                .raw(4),
            List.of("8/1@100:01", "8/1@110:02", "8/1@130:03", "8/1@150:04")),
        Arguments.of(
            "type 3 after type 0 repeats its time as delta",
            new Wire().type0(4, 5, 1, 8, 1).raw(1).type3(4).raw(2),
            List.of("8/1@5:01", "8/1@10:02")),
        Arguments.of(
            "ids of two and three bytes",
            new Wire()
                .raw(0, 0)
                .u24(1)
                .u24(1)
                .raw(8, 1, 0, 0, 0, 0xAA)
                .raw(1, 0, 4)
                .u24(2)
                .u24(1)
                .raw(9, 1, 0, 0, 0, 0xBB)
                .raw(0xC0, 0)
                .raw(0xCC),
            List.of("8/1@1:aa", "9/1@2:bb", "8/1@2:cc")),
        Arguments.of(
            "interleaved",
            new Wire()
                .type0(6, 1, 130, 9, 1)
                .raw(head)
                .type0(4, 2, 1, 8, 1)
                .raw(9)
                .type3(6)
                .raw(BODY[128], BODY[129]),
            List.of("8/1@2:09", "9/1@1:" + hex(slice(0, 130)))),
        Arguments.of(
            "chunk size",
            new Wire().control(1, 4096).type0(6, 1, 300, 9, 1).raw(BODY),
            List.of("9/1@1:" + hex(BODY))),
        Arguments.of(
            "extended time repeated on type 3",
            new Wire()
                .type0(6, 0xFFFFFF, 130, 9, 1)
                .u32(0x01020304)
                .raw(head)
                .type3(6)
                .u32(0x01020304)
                .raw(BODY[128], BODY[129]),
            List.of("9/1@16909060:" + hex(slice(0, 130)))),
        Arguments.of(
            "extended time not repeated on type 3",
            new Wire()
                .type0(6, 0xFFFFFF, 130, 9, 1)
                .u32(0x01020304)
                .raw(head)
                .type3(6)
                .raw(BODY[128], BODY[129])
                .type0(4, 2, 1, 8, 1)
                .raw(9),
            List.of("9/1@16909060:" + hex(slice(0, 130)), "8/1@2:09")),
        Arguments.of(
            "extended time whose first bytes look alike",
            new Wire()
                .type0(6, 0xFFFFFF, 132, 9, 1)
                .u32(0x01020304)
                .raw(head)
                .type3(6)
                .raw(1, 2, 3, 5)
                .type0(4, 2, 1, 8, 1)
                .raw(9),
            List.of("9/1@16909060:" + hex(head) + "01020305", "8/1@2:09")),
        Arguments.of(
            "extended delta, and a new message by type 3 with it",
            new Wire()
                .type0(6, 1, 1, 9, 1)
                .raw(1)
                .type1(6, 0xFFFFFF, 1, 9)
                .u32(0x01000000)
                .raw(2)
                .type3(6)
                .u32(0x01000000)
                .raw(3),
            List.of("9/1@1:01", "9/1@16777217:02", "9/1@33554433:03")),
        Arguments.of(
            "time wraps at 32 bits",
            new Wire().type0(6, 0xFFFFFF, 1, 9, 1).u32(0xFFFFFFFFL).raw(1).type2(6, 41).raw(2),
            List.of("9/1@4294967295:01", "9/1@40:02")),
        Arguments.of(
            "abort drops the message under way",
            new Wire().type0(6, 1, 300, 9, 1).raw(head).control(2, 6).type0(6, 2, 1, 9, 1).raw(5),
            List.of("9/1@2:05")),
        Arguments.of(
            "abort of nothing",
            new Wire().control(2, 77).control(2, 2).control(3, 1),
            List.of("3/0@0:00000001")),
        Arguments.of(
            "control stream opened by type 1, as librtmp does",
            new Wire().type1(2, 0, 6, 4).raw(0, 7, 0, 0, 0, 1),
            List.of("4/0@0:000700000001")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void readsInOnePiece(String name, Wire wire, List<String> messages) throws RtmpException {
    Reading reading = new Reading();
    reading.feed(wire.toBytes());
    assertThat(reading.messages).as(name).isEqualTo(messages);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void readsByteByByte(String name, Wire wire, List<String> messages) throws RtmpException {
    Reading reading = new Reading();
    for (byte b : wire.toBytes()) {
      reading.feed(new byte[] {b});
    }
    assertThat(reading.messages).as(name).isEqualTo(messages);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void readsSplitAnywhere(String name, Wire wire, List<String> messages) throws RtmpException {
    byte[] bytes = wire.toBytes();
    for (int at = 0; at <= bytes.length; at++) {
      Reading reading = new Reading();
      reading.feed(Arrays.copyOfRange(bytes, 0, at));
      reading.feed(Arrays.copyOfRange(bytes, at, bytes.length));
      assertThat(reading.messages).as("%s split at %d", name, at).isEqualTo(messages);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void stopsBetweenMessagesAndGoesOn(String name, Wire wire, List<String> messages)
      throws RtmpException {
    Reading reading = new Reading();
    reading.oneAtATime = true;
    ByteBuffer in = ByteBuffer.wrap(wire.toBytes());
    for (int i = 0; i <= messages.size(); i++) {
      reading.taken = false;
      reading.reader.read(in, reading);
    }
    assertThat(reading.messages).as(name).isEqualTo(messages);
    assertThat(in.hasRemaining()).isFalse();
  }

  @Test
  void readsWhatTheWriterWrites() throws RtmpException {
    Random random = new Random(3);
    for (int chunkSize : new int[] {1, 2, 128, 4096}) {
      Reading reading = new Reading();
      reading.feed(new Wire().control(1, chunkSize).toBytes());
      ChunkWriter writer = new ChunkWriter();
      writer.chunkSize(chunkSize);
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        byte[] payload = body(random.nextInt(600));
        long time = random.nextInt() & 0xFFFFFFFFL;
        reading.feed(writer.write(4 + i % 3, 9, 1, time, ByteBuffer.wrap(payload)).array());
        expected.add("9/1@" + time + ":" + hex(payload));
      }
      assertThat(reading.messages).isEqualTo(expected);
    }
  }

  @Test
  void neverFailsOtherwiseOnRandomBytes() {
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      if (i % 2 == 0 && bytes.length > 12) {
        bytes[0] = 3;
        bytes[4] = 0;
      }
      try {
        new Reading().feed(bytes);
      } catch (RtmpException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(5_000, 19_999);
  }

  @Test
  void saysWhatItExpected() {
    assertThatThrownBy(() -> new Reading().feed(new Wire().control(1, 0).toBytes()))
        .hasMessage("SetChunkSize: 0 (expected: 1 to 2147483647)");
  }

  private static byte[] body(int length) {
    byte[] bytes = new byte[length];
    new Random(5).nextBytes(bytes);
    return bytes;
  }

  private static byte[] slice(int from, int to) {
    return Arrays.copyOfRange(BODY, from, to);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static final class Reading implements ChunkReader.Sink {
    final ChunkReader reader = new ChunkReader(RtmpLimits.STANDARD);
    final List<String> messages = new ArrayList<>();
    boolean oneAtATime;
    boolean taken;

    void feed(byte[] bytes) throws RtmpException {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      reader.read(in, this);
      assertThat(in.hasRemaining()).isFalse();
    }

    @Override
    public void onMessage(int typeId, int streamId, long timestampMs, ByteBuffer payload) {
      byte[] bytes = new byte[payload.remaining()];
      payload.get(bytes);
      messages.add(typeId + "/" + streamId + "@" + timestampMs + ":" + hex(bytes));
      taken = true;
    }

    @Override
    public boolean accepting() {
      return !(oneAtATime && taken);
    }
  }
}
