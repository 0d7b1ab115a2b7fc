package io.millrace.protocol.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtmpClientSessionTest {
  private static final RtmpUrl URL = RtmpUrl.parse("rtmp://localhost/live/one");

  private final RtmpLoop loop = new RtmpLoop();

  @ParameterizedTest
  @ValueSource(ints = {128, 4096, 65536})
  void publishesToOurServer(int chunkBytes) throws RtmpException {
    RtmpClientSession client = new RtmpClientSession(URL, RtmpLimits.STANDARD, chunkBytes);
    client.start(loop.clientHandler);
    loop.pump(client);
    assertThat(client.publishing()).isTrue();

    byte[] body = new byte[300_000];
    new Random(1).nextBytes(body);
    client.sendMetadata(Map.of("width", 640), loop.clientHandler);
    client.sendAudio(5, ByteBuffer.wrap(new byte[7]), loop.clientHandler);
    client.sendVideo(0xFFFFFFFFL + 41, ByteBuffer.wrap(body), loop.clientHandler);
    client.sendVideo(0x1000000L, ByteBuffer.wrap(body), loop.clientHandler);
    client.unpublish(loop.clientHandler);
    loop.pump(client);

    assertThat(loop.events)
        .containsExactly(
            "connect",
            "publish one",
            "client publishing",
            "client status NetStream.Publish.Start",
            "metadata {width=640.0}",
            "audio 5 7",
            "video 40 300000",
            "video 16777216 300000",
            "unpublish");
    assertThat(loop.videos).containsExactly(body, body);
  }

  @Test
  void reportsARefusedPublish() throws RtmpException {
    loop.accept = false;
    RtmpClientSession client = new RtmpClientSession(URL, RtmpLimits.STANDARD, 4096);
    client.start(loop.clientHandler);
    loop.pump(client);
    assertThat(client.publishing()).isFalse();
    assertThat(loop.events).contains("client error NetStream.Publish.Denied");
    assertThatThrownBy(() -> client.sendAudio(0, ByteBuffer.allocate(1), loop.clientHandler))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void obeysAReconnectRequest() throws RtmpException {
    RtmpClientSession client = new RtmpClientSession(URL, RtmpLimits.STANDARD, 4096);
    client.start(loop.clientHandler);
    loop.pump(client);
    assertThat(loop.server.askToReconnect("rtmp://other/live", loop.serverHandler)).isTrue();
    loop.pump(client);
    assertThat(loop.events).contains("client reconnect rtmp://other/live");
  }

  @Test
  void answersPings() throws RtmpException {
    RtmpClientSession client = new RtmpClientSession(URL, RtmpLimits.STANDARD, 4096);
    client.start(loop.clientHandler);
    loop.pump(client);
    loop.server.ping(0x01020304, loop.serverHandler);
    client.receive(loop.toClient.remove(), loop.clientHandler);
    byte[] pong = loop.toServer.remove().array();
    assertThat(pong).endsWith(0, 7, 1, 2, 3, 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtmp://h/app/key",
        "rtmp://h:1936/app/key",
        "rtmp://[::1]:1936/app/inst/key?token=a%2Fb"
      })
  void parsesUrls(String text) {
    RtmpUrl url = RtmpUrl.parse(text);
    assertThat(url.name()).startsWith("key");
    assertThat(url.app()).startsWith("app");
    assertThat(url.toString()).doesNotContain("key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://h/app/key", "rtmp://h", "rtmp://h/key", "rtmp://", "no url"})
  void refusesOtherUrls(String text) {
    assertThatThrownBy(() -> RtmpUrl.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
