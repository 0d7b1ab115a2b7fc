package io.millrace.protocol.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.protocol.amf.Amf0Writer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RtmpServerSessionTest {
  private final RtmpLoop loop = new RtmpLoop();

  @Test
  void answersInTheOrderEncodersNeed() throws RtmpException {
    loop.feed(bytes(Wire.handshake().command(0, "connect", 1, Map.of("app", "live"))));
    assertThat(loop.toClient.remove().remaining()).isEqualTo(3073);
    assertThat(replies())
        .satisfiesExactly(
            m -> assertThat(m).isEqualTo("5"),
            m -> assertThat(m).isEqualTo("6"),
            m ->
                assertThat(m)
                    .startsWith("20 [_result, 1.0, {")
                    .contains("code=NetConnection.Connect.Success", "objectEncoding=0.0")
                    .doesNotContain("fourCcList"));
    loop.feed(
        bytes(
            new Wire()
                .command(0, "releaseStream", 2, null, "one")
                .command(0, "FCPublish", 0, null, "one")
                .command(0, "_checkbw", 9)
                .command(0, "createStream", 4, null)));
    assertThat(replies())
        .containsExactly(
            "20 [_result, 2.0, null, UNDEFINED]",
            "20 [_result, 9.0, null, UNDEFINED]",
            "20 [_result, 4.0, null, 1.0]");
    loop.feed(bytes(new Wire().command(1, "publish", 5, null, "one", "live")));
    assertThat(replies())
        .satisfiesExactly(
            m -> assertThat(m).isEqualTo("4"),
            m -> assertThat(m).contains("onStatus", "code=NetStream.Publish.Start"));
  }

  @Test
  void answersEnhancedCapabilities() throws RtmpException {
    Map<String, Object> object = Map.of("app", "live", "fourCcList", List.of("*"), "capsEx", 15);
    loop.feed(bytes(Wire.handshake().command(0, "connect", 1, object)));
    loop.toClient.remove();
    assertThat(replies()).last().asString().contains("capsEx=5.0", "videoFourCcInfoMap={");
  }

  @Test
  void readsAmf3WrappedCommandsAndData() throws RtmpException {
    byte[] connect = Amf0Writer.bytes("connect", 1, Map.of("app", "live"));
    byte[] wrapped = ByteBuffer.allocate(connect.length + 1).put((byte) 0).put(connect).array();
    loop.feed(
        bytes(
            Wire.handshake()
                .message(17, 0, wrapped)
                .command(0, "createStream", 2, null)
                .command(1, "publish", 3, null, "one")
                .message(15, 1, data("onMetaData", Map.of("width", 1)))
                .message(18, 1, Amf0Writer.bytes("@setDataFrame", "onMetaData", Map.of("a", "b")))
                .message(18, 1, Amf0Writer.bytes("onCuePoint", Map.of()))));
    assertThat(loop.events)
        .containsExactly("connect", "publish one", "metadata {width=1.0}", "metadata {a=b}");
  }

  @Test
  void leavesInputUnreadUntilAPublishIsAnswered() throws RtmpException {
    ByteBuffer in = bytes(Wire.publishing().type0(4, 9, 1, 8, 1).raw(5));
    loop.server.receive(in, loop.serverHandler);
    assertThat(loop.server.awaitingAnswer()).isTrue();
    assertThat(in.remaining()).isEqualTo(13);
    loop.server.receive(in, loop.serverHandler);
    assertThat(in.remaining()).isEqualTo(13);
    loop.server.acceptPublish(loop.serverHandler);
    loop.server.receive(in, loop.serverHandler);
    assertThat(in.remaining()).isZero();
    assertThat(loop.events).last().isEqualTo("audio 9 1");
  }

  @Test
  void dropsEverythingAfterARefusal() throws RtmpException {
    loop.accept = false;
    loop.feed(bytes(Wire.publishing().type0(4, 9, 1, 8, 1).raw(5).raw(new byte[50])));
    assertThat(loop.events).containsExactly("connect", "publish one", "close DENIED no");
  }

  @Test
  void takesASecondPublishAfterTheFirstEnded() throws RtmpException {
    loop.feed(
        bytes(
            Wire.publishing()
                .command(0, "FCUnpublish", 4, null, "one")
                .command(0, "deleteStream", 5, null, 1)
                .command(0, "createStream", 6, null)
                .command(2, "publish", 7, null, "two", "live")));
    assertThat(loop.events).containsExactly("connect", "publish one", "unpublish", "publish two");
  }

  @Test
  void asksToReconnectInTheFormTheClientKnows() throws RtmpException {
    assertThat(loop.server.askToReconnect("", loop.serverHandler)).isFalse();
    Map<String, Object> object = Map.of("app", "live", "supportsGoAway", true);
    loop.feed(bytes(Wire.handshake().command(0, "connect", 1, object)));
    loop.toClient.clear();
    assertThat(loop.server.askToReconnect("", loop.serverHandler)).isTrue();
    assertThat(loop.toClient.remove().array()).containsExactly(2, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 0);
  }

  @Test
  void answersPingsOfTheClient() throws RtmpException {
    loop.feed(bytes(Wire.publishing()));
    loop.toClient.clear();
    loop.feed(bytes(new Wire().type0(2, 0, 6, 4, 0).u16(6).u32(0x0A0B0C0D)));
    assertThat(loop.toClient.remove().array()).endsWith(0, 7, 10, 11, 12, 13);
  }

  @Test
  void refusesToPlay() throws RtmpException {
    loop.feed(bytes(Wire.handshake().command(0, "connect", 1, Map.of("app", "live"))));
    loop.toClient.remove();
    replies();
    loop.feed(bytes(new Wire().command(1, "play", 0, null, "one")));
    assertThat(replies()).last().asString().contains("NetStream.Play.Failed");
  }

  @Test
  void tellsAPublisherThatItsPublishIsOver() throws RtmpException {
    loop.feed(bytes(Wire.publishing()));
    loop.toClient.clear();
    loop.server.endPublish("NetStream.Publish.BadName", "taken over", loop.serverHandler);
    assertThat(loop.toClient).hasSize(1);
    loop.feed(bytes(new Wire().type0(4, 9, 1, 8, 1).raw(5)));
    assertThat(loop.events).last().isEqualTo("publish one");
    assertThatThrownBy(() -> loop.server.acceptPublish(loop.serverHandler))
        .isInstanceOf(IllegalStateException.class);
  }

  private static byte[] data(Object... values) {
    byte[] amf = Amf0Writer.bytes(values);
    return ByteBuffer.allocate(amf.length + 1).put((byte) 0).put(amf).array();
  }

  /** Messages sent since the last call: type, and the values of commands. */
  private List<String> replies() throws RtmpException {
    List<String> replies = new ArrayList<>();
    while (!loop.toClient.isEmpty()) {
      reader.read(
          loop.toClient.remove(),
          new ChunkReader.Sink() {
            @Override
            public void onMessage(int typeId, int streamId, long timestampMs, ByteBuffer payload)
                throws RtmpException {
              replies.add(
                  typeId == 20
                      ? "20 " + Command.read(payload, false, RtmpLimits.STANDARD.amf()).values()
                      : String.valueOf(typeId));
            }

            @Override
            public boolean accepting() {
              return true;
            }
          });
    }
    return replies;
  }

  private final ChunkReader reader = new ChunkReader(RtmpLimits.STANDARD);

  private static ByteBuffer bytes(Wire wire) {
    return ByteBuffer.wrap(wire.toBytes());
  }
}
