package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.millrace.http.net.HttpListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both ends of internal HTTP over a real socket. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class InternalHttpTest {
  private static final byte[] SEGMENT = new byte[10 << 20];
  private static final StreamInfo INFO =
      new StreamInfo(
          "cam",
          "live",
          Instant.parse("2026-03-01T10:00:00Z"),
          null,
          "node-1",
          4,
          2,
          7,
          "source",
          new StreamInfo.VideoInfo("h264", "avc1.64001f", 1280, 720, 30, 2, 3_000_000),
          null,
          List.of(),
          List.of(new StreamInfo.Notice(Instant.EPOCH, "code", "text")));

  private static ActorSystem<Void> system;
  private static HttpListener listener;
  private static InternalClient client;

  private static final class Port implements InternalPort {
    @Override
    public CompletionStage<Optional<MediaObject>> object(String stream, String r, String name) {
      if (name.equals("broken.m4s")) {
        return CompletableFuture.failedFuture(new UnavailableException(name, null));
      }
      boolean known = stream.equals("cam") && r.equals("source") && name.equals("1-0.m4s");
      return CompletableFuture.completedFuture(
          known ? Optional.of(new MediaObject(SEGMENT, "video/mp4")) : Optional.empty());
    }

    @Override
    public List<StreamInfo> streams() {
      return List.of(INFO);
    }

    @Override
    public Optional<byte[]> thumbnail(String streamId) {
      return streamId.equals("cam") ? Optional.of(new byte[] {1}) : Optional.empty();
    }
  }

  @BeforeAll
  static void start() {
    system =
        ActorSystem.create(
            Behaviors.empty(),
            "internal-http-test",
            ConfigFactory.parseString("pekko.loglevel = WARNING")
                .withFallback(ConfigFactory.load()));
    InternalToken token = InternalToken.of("secret");
    listener =
        TestServer.await(
            InternalServer.start(system, "127.0.0.1", 0, token, new Port()).toCompletableFuture());
    client = new InternalClient(system, token);
  }

  @AfterAll
  static void stop() {
    TestServer.await(listener.stop(Duration.ofSeconds(3)).toCompletableFuture());
    system.terminate();
    TestServer.await(system.getWhenTerminated().toCompletableFuture());
  }

  private static int port() {
    return listener.address().getPort();
  }

  private static Optional<byte[]> object(InternalClient by, String name) {
    return TestServer.await(
        by.object("127.0.0.1", port(), "cam", "source", name).toCompletableFuture());
  }

  @Test
  void readsWholeObjects() {
    assertThat(object(client, "1-0.m4s")).hasValueSatisfying(b -> assertThat(b).hasSize(10 << 20));
    assertThat(object(client, "1-1.m4s")).isEmpty();
  }

  @Test
  void failsWhenTheNodeCannotTell() {
    assertThatThrownBy(() -> object(client, "broken.m4s")).hasMessageContaining("503");
  }

  @Test
  void readsStreamsAsTheyWere() {
    assertThat(TestServer.await(client.streams("127.0.0.1", port()).toCompletableFuture()))
        .containsExactly(INFO);
  }

  @Test
  void readsThumbnails() {
    assertThat(TestServer.await(client.thumbnail("127.0.0.1", port(), "cam").toCompletableFuture()))
        .isPresent();
    assertThat(
            TestServer.await(client.thumbnail("127.0.0.1", port(), "other").toCompletableFuture()))
        .isEmpty();
  }

  @Test
  void refusesWhoDoesNotKnowTheSecret() throws IOException, InterruptedException {
    InternalClient stranger = new InternalClient(system, InternalToken.of("guess"));
    assertThatThrownBy(() -> object(stranger, "1-0.m4s")).hasMessageContaining("403");
    HttpResponse<String> bare =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port() + "/internal/v1/streams"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(bare.statusCode()).isEqualTo(403);
    assertThat(bare.body()).doesNotContain("cam");
  }

  @Test
  void failsWhenNobodyListens() {
    assertThatThrownBy(
            () ->
                TestServer.await(
                    client
                        .object("127.0.0.1", 1, "cam", "source", "1-0.m4s")
                        .toCompletableFuture()))
        .hasMessageContaining("127.0.0.1");
  }
}
