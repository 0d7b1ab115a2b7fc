package io.millrace.protocol.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.protocol.amf.Amf0Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that a server must survive, as far as the protocol alone decides. */
class RtmpBadInputsTest {
  private final RtmpLoop loop = new RtmpLoop();

  @ParameterizedTest
  @CsvSource({"0, UNSUPPORTED", "6, UNSUPPORTED", "71, NOT_RTMP", "22, NOT_RTMP", "80, NOT_RTMP"})
  void row03RefusesOtherVersions(int version, RtmpError code) {
    RtmpException e = refusal(new Wire().raw(version));
    assertThat(e.code()).isEqualTo(code);
    if (code == RtmpError.NOT_RTMP) {
      assertThat(e).hasMessage("HTTP/TLS on RTMP port");
    }
  }

  @Test
  void row04TakesAnyC2AndDigest() throws RtmpException {
    byte[] random = new byte[2 * ServerHandshake.PART_BYTES];
    new Random(1).nextBytes(random);
    loop.feed(bytes(new Wire().raw(3).raw(random).command(0, "connect", 1, Map.of("app", "a"))));
    assertThat(loop.events).containsExactly("connect");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0x80000000L, 0xFFFFFFFFL})
  void row07RefusesSuchChunkSizes(long size) {
    assertThat(refusal(Wire.handshake().control(1, size))).hasMessageContaining("SetChunkSize");
  }

  @Test
  void row08HoldsWhatArrivedNotWhatWasDeclared() throws RtmpException {
    Wire wire = Wire.publishing().control(1, 16_000_000);
    for (int csid = 3; csid < 40; csid++) {
      wire.type0(csid, 0, 0, 9, 1);
    }
    wire.type0(6, 0, 8 << 20, 9, 1).raw(1);
    loop.feed(bytes(wire));
    assertThat(loop.server.heldBytes()).isLessThan(16 << 10);
    loop.feed(ByteBuffer.allocate((8 << 20) - 1));
    assertThat(loop.events).last().isEqualTo("video 0 8388608");
    assertThat(loop.server.heldBytes()).isLessThan(16 << 10);
  }

  @Test
  void row09RefusesHugeMedia() {
    assertThat(refusal(Wire.publishing().type0(6, 0, 0xFFFFFF, 9, 1)).code())
        .isEqualTo(RtmpError.LIMIT);
    assertThat(refusal(new Wire().type0(6, 0, (8 << 20) + 1, 22, 1)).code())
        .isEqualTo(RtmpError.LIMIT);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18, 20, 4, 99})
  void row10RefusesHugeCommands(int typeId) {
    assertThat(refusal(Wire.handshake().type0(3, 0, (64 << 10) + 1, typeId, 0)).code())
        .isEqualTo(RtmpError.LIMIT);
  }

  @Test
  void row11RefusesTooManyChunkStreams() throws RtmpException {
    Wire wire = Wire.handshake();
    for (int i = 0; i < 64; i++) {
      wire.raw(1).u16(i << 8).u24(0).u24(1000).raw(9).u32(0).raw(new byte[128]);
    }
    loop.feed(bytes(wire));
    assertThat(loop.server.heldBytes()).isLessThanOrEqualTo(64 * 1024);
    assertThat(refusal(new Wire().type0(3, 0, 1000, 9, 1)))
        .hasMessage("chunk streams: more than 64 (expected: at most that)");
  }

  @Test
  void row11RefusesTooManyPartialBytes() {
    RtmpException e = refusal(open(5 << 20));
    assertThat(e.code()).isEqualTo(RtmpError.LIMIT);
    assertThat(e).hasMessageContaining("partial messages");
  }

  /** Messages that stay open: each chunk is shorter than its message. */
  private static Wire open(int chunk) {
    Wire wire = Wire.handshake().control(1, chunk);
    for (int csid = 3; csid < 7; csid++) {
      wire.type0(csid, 0, 8 << 20, 9, 1).raw(new byte[chunk]);
    }
    return wire;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void row12RefusesChunksWithoutPreviousHeader(int type) {
    assertThat(refusal(Wire.handshake().raw((type << 6) + 5)))
        .hasMessageContaining("no previous header");
  }

  @Test
  void row13RefusesALengthThatChangesUnderWay() {
    Wire wire = Wire.handshake().type0(6, 0, 300, 9, 1).raw(new byte[128]);
    assertThat(refusal(wire.type1(6, 0, 200, 9))).hasMessageContaining("message length: 200");
  }

  @Test
  void row14GoesOnAfterAbort() throws RtmpException {
    Wire wire = Wire.publishing().type0(6, 0, 300, 9, 1).raw(new byte[128]);
    wire.control(2, 6).control(2, 12345).type0(6, 3, 1, 9, 1).raw(1);
    loop.feed(bytes(wire));
    assertThat(loop.events).last().isEqualTo("video 3 1");
  }

  @Test
  void row15ReadsBothDialectsOfExtendedTime() throws RtmpException {
    byte[] body = new byte[128];
    Wire wire = Wire.publishing();
    wire.type0(6, 0xFFFFFF, 130, 9, 1).u32(0x01000000).raw(body).type3(6).u32(0x01000000).u16(7);
    wire.type0(6, 0xFFFFFF, 130, 9, 1).u32(0x01000000).raw(body).type3(6).u16(7);
    wire.type0(4, 5, 1, 8, 1).raw(1);
    loop.feed(bytes(wire));
    assertThat(loop.events).endsWith("video 16777216 130", "video 16777216 130", "audio 5 1");
  }

  @Test
  void row16SplitsAggregatesByTheirOwnTimes() throws RtmpException {
    Wire tags = new Wire();
    tags.raw(9).u24(2).u24(0xFFFFF0).raw(0xFF).u24(1).u16(7).u32(13);
    tags.raw(8).u24(1).u24(0x000010).raw(0).u24(1).raw(7).u32(12);
    loop.feed(bytes(Wire.publishing().message(22, 1, tags.toBytes())));
    assertThat(loop.events).endsWith("video 0 2", "audio 32 1");
    assertThat(
            refusal(new Wire().message(22, 1, new Wire().raw(9).u24(99).u32(0).u24(1).toBytes())))
        .hasMessageContaining("aggregate tag: 99 bytes");
    assertThat(refusal(new Wire().message(22, 1, new byte[3]))).hasMessageContaining("aggregate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0affffffff",
        "0cffffffff",
        "08ffffffff",
        "070000",
        "11",
        "0f00000000",
        "ff",
        "02"
      })
  void row17To19RefuseSuchValues(String hex) {
    byte[] value = HexFormat.of().parseHex(hex);
    byte[] name = Amf0Writer.bytes("connect", 1);
    byte[] message = Arrays.copyOf(name, name.length + value.length);
    System.arraycopy(value, 0, message, name.length, value.length);
    RtmpException e = refusal(Wire.handshake().message(20, 0, message));
    assertThat(e.scope()).isEqualTo(RtmpException.Scope.CONNECTION);
  }

  @Test
  void row17RefusesDeepNesting() {
    byte[] deep = new byte[50_000];
    Arrays.fill(deep, (byte) 0);
    for (int i = 0; i + 5 <= deep.length; i += 5) {
      deep[i] = 0x0A;
      deep[i + 4] = 1;
    }
    assertThat(refusal(Wire.handshake().message(20, 0, deep))).hasMessageContaining("depth");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -5, 1e300})
  void row20EchoesOrIgnoresOddNumbers(double number) throws RtmpException {
    Wire wire = Wire.handshake().command(0, "connect", number, Map.of("app", "live"));
    for (int i = 0; i < 20; i++) {
      wire.command(0, "createStream", number, null);
    }
    wire.command(0, "deleteStream", number, null, number);
    loop.feed(bytes(wire));
    assertThat(loop.events).containsExactly("connect");
    assertThat(sent()).contains("_error").contains("Too many streams.");
  }

  @Test
  void row21AnswersCommandsOutOfOrder() throws RtmpException {
    Map<String, Object> app = Map.of("app", "live");
    loop.feed(bytes(Wire.handshake().command(0, "createStream", 1, null)));
    assertThat(loop.server.droppedMessages()).isEqualTo(1);
    loop.feed(bytes(new Wire().command(0, "connect", 1, app).command(0, "connect", 2, app)));
    assertThat(sent()).contains("Already connected.");
    loop.feed(bytes(new Wire().command(1, "publish", 3, null, "one", "live")));
    assertThat(sent()).contains("NetStream.Publish.Denied");
    Wire publish = new Wire().command(0, "createStream", 4, null);
    loop.feed(bytes(publish.command(1, "publish", 5, null, "one", "live")));
    loop.feed(bytes(new Wire().command(1, "publish", 6, null, "two", "live")));
    assertThat(sent()).contains("NetStream.Publish.BadName");
    loop.feed(bytes(new Wire().command(0, "deleteStream", 7, null, "one")));
    loop.feed(bytes(new Wire().command(0, "deleteStream", 7, null, 99)));
    assertThat(loop.server.publishing()).isTrue();
    loop.feed(bytes(new Wire().command(0, "deleteStream", 7, null, 1)));
    assertThat(loop.events).containsExactly("connect", "publish one", "unpublish");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc",
        "%2e%2e",
        "%252e",
        "a\u0000b",
        "a\r\nb",
        "a\\b",
        "\u202Eabc",
        "\uD83D\uDE00",
        "a b",
        "a%2fb",
        "a%",
        "",
        "./a"
      })
  void row22RefusesSuchNames(String name) throws RtmpException {
    loop.feed(bytes(publish("live", name)));
    assertThat(loop.events).last().asString().startsWith("close BAD_NAME stream name");
    assertThat(sent()).contains("NetStream.Publish.BadName");
    assertThat(loop.target).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc", "live/%2e%2e", "a b", "a\u001Bb"})
  void row22RefusesSuchApplications(String app) throws RtmpException {
    loop.feed(bytes(publish(app, "one")));
    assertThat(loop.events).last().asString().startsWith("close BAD_NAME");
  }

  @Test
  void row22RefusesLongNames() throws RtmpException {
    loop.feed(bytes(publish("live", "x".repeat(4096))));
    assertThat(loop.events).last().asString().startsWith("close BAD_NAME");
  }

  @ParameterizedTest
  @CsvSource({
    "live, one, one",
    "live/, one, one",
    "live/room?k=v, one, one",
    "live, one?user=u&pass=p, one",
    "live, room/one, one",
    "live/room/one, '', one",
    "live, ?key=one, one",
    "live?key=one, '', one",
    "live, %6Fne, one",
    "live, con, con",
    "live, -x_Y9, -x_Y9"
  })
  void row24TakesTheKeyWhereEncodersPutIt(String app, String name, String expected)
      throws RtmpException {
    loop.feed(bytes(publish(app, name)));
    assertThat(loop.target.name()).isEqualTo(expected);
    assertThat(loop.target.toString()).doesNotContain(expected);
    assertThat(loop.connect.toString()).doesNotContain(expected);
  }

  @Test
  void row24TakesQueryAndHostFromTcUrl() throws RtmpException {
    String url = "rtmp://user:pass@Media.Example:1936/live?key=one";
    Wire wire = Wire.handshake().command(0, "connect", 1, Map.of("app", "live", "tcUrl", url));
    wire.command(0, "createStream", 2, null).command(1, "publish", 3, null, "", "live");
    loop.feed(bytes(wire));
    assertThat(loop.target.name()).isEqualTo("one");
    assertThat(loop.target.host()).isEqualTo("media.example");
  }

  @Test
  void row28AcknowledgesByItsOwnRule() throws RtmpException {
    loop.feed(bytes(Wire.publishing().control(5, 1)));
    loop.toClient.clear();
    byte[] tag = new Wire().type0(6, 0, 100, 9, 1).raw(new byte[100]).toBytes();
    for (int i = 0; i < 10_000; i++) {
      loop.feed(ByteBuffer.wrap(tag));
    }
    assertThat(loop.toClient).hasSize(4);
  }

  @Test
  void neverFailsOtherwiseOnMutatedConversations() {
    byte[] good =
        Wire.publishing()
            .command(1, "@setDataFrame", "onMetaData", Map.of("width", 1))
            .type0(6, 1, 300, 9, 1)
            .raw(new byte[128])
            .type3(6)
            .raw(new byte[128])
            .type3(6)
            .raw(new byte[44])
            .command(0, "FCUnpublish", 6, null, "one")
            .toBytes();
    Random random = new Random(2);
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      byte[] bytes = good.clone();
      for (int j = 0; j <= random.nextInt(4); j++) {
        bytes[3073 + random.nextInt(bytes.length - 3073)] = (byte) random.nextInt();
      }
      try {
        new RtmpLoop().feed(ByteBuffer.wrap(bytes));
      } catch (RtmpException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(100, 2_999);
  }

  @Test
  void badUserControlCostsThatMessageOnly() throws RtmpException {
    loop.feed(bytes(Wire.publishing().type0(2, 0, 1, 4, 0).raw(1).type0(2, 0, 1, 5, 0).raw(1)));
    assertThat(loop.server.droppedMessages()).isEqualTo(2);
    assertThat(loop.server.publishing()).isTrue();
  }

  private static Wire publish(String app, String name) {
    return Wire.handshake()
        .command(0, "connect", 1, Map.of("app", app))
        .command(0, "createStream", 2, null)
        .command(1, "publish", 3, null, name, "live");
  }

  private RtmpException refusal(Wire wire) {
    RtmpException e =
        catchThrowableOfType(RtmpException.class, () -> loop.feed(ByteBuffer.wrap(wire.toBytes())));
    assertThat(e).isNotNull();
    assertThat(e.getStackTrace()).isEmpty();
    return e;
  }

  private static ByteBuffer bytes(Wire wire) {
    return ByteBuffer.wrap(wire.toBytes());
  }

  /** Everything that was sent, as Latin-1 text. */
  private String sent() {
    StringBuilder text = new StringBuilder();
    for (ByteBuffer bytes : loop.toClient) {
      text.append(StandardCharsets.ISO_8859_1.decode(bytes.duplicate()));
    }
    return text.toString();
  }
}
