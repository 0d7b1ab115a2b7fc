package io.millrace.media.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.protocol.amf.Amf0Writer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RtmpPublisherTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final List<String> statuses = Collections.synchronizedList(new ArrayList<>());
  private final PublishListener listener =
      new PublishListener() {
        @Override
        public void status(String code, String description) {
          statuses.add(code);
        }
      };

  @Test
  void sendsTagsAndEndsThePublish() throws Exception {
    try (FakeRtmpServer server = new FakeRtmpServer(false, -1)) {
      RtmpPublisher publisher = RtmpPublisher.open(server.url(), TIMEOUT, listener);
      byte[] metadata = new Amf0Writer().value("onMetaData").ecmaArray(Map.of("w", 2.0)).toBytes();
      publisher.write(new PublishTag(PublishTag.Type.SCRIPT, 0, metadata));
      publisher.write(Tags.videoConfig());
      publisher.write(Tags.key(40));
      publisher.write(Tags.audio(43));
      publisher.finish();

      assertThat(heard(server))
          .containsExactly(
              "connect",
              "publish",
              "metadata {w=2.0}",
              "video 0 5",
              "video 40 5",
              "audio 43 3",
              "unpublish",
              "closed");
      assertThat(statuses).containsExactly("NetStream.Publish.Start");
    }
  }

  @Test
  void abortClosesWithoutUnpublish() throws Exception {
    try (FakeRtmpServer server = new FakeRtmpServer(false, -1)) {
      RtmpPublisher publisher = RtmpPublisher.open(server.url(), TIMEOUT, listener);
      publisher.write(Tags.key(0));
      publisher.abort();

      assertThat(heard(server)).contains("video 0 5").doesNotContain("unpublish");
      assertThatThrownBy(() -> publisher.write(Tags.key(40))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusalCarriesTheServersReason() throws Exception {
    try (FakeRtmpServer server = new FakeRtmpServer(true, -1)) {
      assertThatThrownBy(() -> RtmpPublisher.open(server.url(), TIMEOUT, listener))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("NetStream.Publish.BadName");
    }
  }

  @Test
  void writeFailsOnceTheServerHasClosed() throws Exception {
    try (FakeRtmpServer server = new FakeRtmpServer(false, 2)) {
      RtmpPublisher publisher = RtmpPublisher.open(server.url(), TIMEOUT, listener);

      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000_000; i++) {
                  publisher.write(Tags.key(i));
                }
              })
          .isInstanceOf(IOException.class);
      publisher.abort();
    }
  }

  @Test
  void silentServerIsATimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "rtmp://127.0.0.1:" + silent.getLocalPort() + "/live/key";

      assertThatThrownBy(() -> RtmpPublisher.open(url, Duration.ofMillis(50), listener))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no consent");
    }
  }

  private static List<String> heard(FakeRtmpServer server) throws InterruptedException {
    List<String> all = new ArrayList<>();
    String next = server.heard.poll(10, TimeUnit.SECONDS);
    while (next != null) {
      all.add(next);
      next = next.equals("closed") ? null : server.heard.poll(10, TimeUnit.SECONDS);
    }
    return all;
  }
}
