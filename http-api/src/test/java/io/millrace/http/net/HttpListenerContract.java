package io.millrace.http.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every connection of a listener is promised, whoever answers on it. */
abstract class HttpListenerContract {
  private static final byte[] LARGE = new byte[8 << 20];
  private static final int PATIENCE_MS = 20_000;
  private static final Duration LONG = Duration.ofSeconds(20);

  private static ActorSystem<Void> system;

  final Map<String, CompletableFuture<HttpResponse>> parked = new ConcurrentHashMap<>();
  final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private final String field;
  private HttpListener listener;

  /**
   * @param field that every request has, with its line's end; empty: none
   */
  HttpListenerContract(String field) {
    this.field = field;
  }

  @BeforeAll
  static void startSystem() {
    for (int i = 0; i < LARGE.length; i++) {
      LARGE[i] = (byte) (i ^ i >> 8);
    }
    system =
        ActorSystem.create(
            Behaviors.empty(),
            "listener-test",
            ConfigFactory.parseString(
                    """
                    pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                    pekko.loglevel = WARNING
                    pekko.http.server.request-timeout = infinite
                    """)
                .withFallback(ConfigFactory.load()));
  }

  @AfterAll
  static void stopSystem() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    listener.stop(Duration.ZERO).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  void start(UnaryOperator<ServerSettings> change) throws IOException {
    ServerSettings settings = change.apply(ServerSettings.create(system.classicSystem()));
    listener = HttpListener.start(system, "127.0.0.1", 0, settings, "/quick", this::answer);
  }

  CompletionStage<HttpResponse> answer(HttpRequest request) {
    String path = request.getUri().path();
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    if (path.startsWith("/parked")) {
      parked.put(path, answer);
    } else if (path.equals("/large")) {
      answer.complete(HttpResponse.create().withEntity(ByteString.fromArrayUnsafe(LARGE)));
    } else {
      answer.complete(text(path));
    }
    requests.add(path);
    return answer;
  }

  static HttpResponse text(String text) {
    return HttpResponse.create().withEntity(text);
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws Exception {
    start(settings -> settings);
    try (Client client = new Client()) {
      client.send("/a", "/parked-b", "/c");
      assertThat(client.body()).isEqualTo("/a");
      awaitRequest("/parked-b");
      parked.get("/parked-b").complete(text("late"));
      assertThat(client.body()).isEqualTo("late");
      assertThat(client.body()).isEqualTo("/c");
    }
  }

  @Test
  void readsNoMoreThanItCanPassOn() throws Exception {
    start(settings -> settings);
    try (Client client = new Client()) {
      client.send("/parked");
      awaitRequest("/parked");
      client.socket.setSendBufferSize(1 << 16);
      CompletableFuture<Void> flood =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  client.sendUnchecked("/" + i);
                }
              });
      assertThatThrownBy(() -> flood.get(2, TimeUnit.SECONDS))
          .as("the flood of requests behind a parked one is held back")
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      parked.get("/parked").complete(text("first"));
      assertThat(client.body()).isEqualTo("first");
      for (int i = 0; i < 20_000; i++) {
        assertThat(client.body()).isEqualTo("/" + i);
      }
      flood.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void writesLargeAnswersToSlowReaders() throws Exception {
    start(settings -> settings);
    try (Client slow = new Client();
        Client other = new Client()) {
      slow.socket.setReceiveBufferSize(1 << 16);
      slow.send("/large");
      awaitRequest("/large");
      other.send("/meanwhile");
      assertThat(other.body()).isEqualTo("/meanwhile");
      assertThat(slow.bodyBytes()).isEqualTo(LARGE);
      slow.send("/next");
      assertThat(slow.body()).isEqualTo("/next");
    }
  }

  @Test
  void answersAClientThatHasSaidAllItWillSay() throws Exception {
    start(settings -> settings);
    try (Client client = new Client()) {
      client.send("/parked");
      client.socket.shutdownOutput();
      awaitRequest("/parked");
      parked.get("/parked").complete(text("still there"));
      assertThat(client.body()).isEqualTo("still there");
      assertThat(client.in.read()).isEqualTo(-1);
    }
  }

  @Test
  void letsNextOnesInWhenOthersHaveLeft() throws Exception {
    start(settings -> settings.withMaxConnections(2));
    try (Client first = new Client();
        Client second = new Client();
        Client waiting = new Client()) {
      first.send("/first");
      assertThat(first.body()).isEqualTo("/first");
      second.send("/parked");
      awaitRequest("/parked");
      waiting.send("/waiting");
      waiting.socket.setSoTimeout(300);
      assertThatThrownBy(waiting::body).isInstanceOf(SocketTimeoutException.class);
      assertThat(requests).doesNotContain("/waiting");

      waiting.socket.setSoTimeout(PATIENCE_MS);
      second.socket.setSoLinger(true, 0);
      second.socket.close();
      assertThat(waiting.body()).isEqualTo("/waiting");
    }
  }

  @Test
  void closesIdleConnectionsOnly() throws Exception {
    Duration idle = Duration.ofMillis(500);
    start(
        settings ->
            settings.withTimeouts(
                settings
                    .getTimeouts()
                    .withIdleTimeout(
                        scala.concurrent.duration.FiniteDuration.fromNanos(idle.toNanos()))));
    try (Client client = new Client()) {
      for (int i = 0; i < 10; i++) {
        client.send("/busy");
        assertThat(client.body()).isEqualTo("/busy");
        assertThat(requests.poll(100, TimeUnit.MILLISECONDS)).isEqualTo("/busy");
      }
      long start = System.nanoTime();
      assertThat(client.in.read()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(idle.dividedBy(2));
    }
  }

  @Test
  void answersWhatHasComeWhenItStops() throws Exception {
    start(settings -> settings);
    try (Client idle = new Client();
        Client waiting = new Client()) {
      idle.send("/idle");
      assertThat(idle.body()).isEqualTo("/idle");
      waiting.send("/parked");
      awaitRequest("/parked");

      CompletableFuture<?> stopped = listener.stop(LONG).toCompletableFuture();
      assertThat(idle.in.read()).isEqualTo(-1);
      assertThat(stopped).isNotDone();
      assertThatThrownBy(() -> new Client().close()).isInstanceOf(IOException.class);

      parked.get("/parked").complete(text("the last"));
      assertThat(waiting.body()).isEqualTo("the last");
      assertThat(waiting.in.read()).isEqualTo(-1);
      stopped.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void cutsOffWhatIsNotAnsweredByTheDeadline() throws Exception {
    start(settings -> settings);
    try (Client waiting = new Client()) {
      waiting.send("/parked");
      awaitRequest("/parked");
      CompletableFuture<?> stopped = listener.stop(Duration.ofMillis(200)).toCompletableFuture();
      assertThat(waiting.in.read()).isEqualTo(-1);
      stopped.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void saysThatAPortIsTaken() throws IOException {
    start(settings -> settings);
    assertThatThrownBy(
            () ->
                HttpListener.start(
                    system,
                    "127.0.0.1",
                    listener.address().getPort(),
                    ServerSettings.create(system.classicSystem()),
                    "/",
                    this::answer))
        .isInstanceOf(IOException.class);
  }

  void awaitRequest(String path) throws InterruptedException {
    for (String next = ""; !path.equals(next); ) {
      next = requests.poll(20, TimeUnit.SECONDS);
      assertThat(next).as("requests up to " + path).isNotNull();
    }
  }

  /** Speaks just enough HTTP/1.1. */
  final class Client implements AutoCloseable {
    final Socket socket;
    final DataInputStream in;

    Client() throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
      socket.setSoTimeout(PATIENCE_MS);
      in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    void send(String... paths) throws IOException {
      StringBuilder text = new StringBuilder();
      for (String path : paths) {
        text.append("GET ")
            .append(path)
            .append(" HTTP/1.1\r\nHost: a\r\n")
            .append(field)
            .append("\r\n");
      }
      sendText(text.toString());
    }

    void sendText(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    void sendUnchecked(String path) {
      try {
        send(path);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    String body() throws IOException {
      return new String(bodyBytes(), StandardCharsets.US_ASCII);
    }

    byte[] bodyBytes() throws IOException {
      int length = 0;
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (line.startsWith("Content-Length: ")) {
          length = Integer.parseInt(line.substring("Content-Length: ".length()));
        }
      }
      return in.readNBytes(length);
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (byte c = in.readByte(); c != '\n'; c = in.readByte()) {
        line.append((char) c);
      }
      return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
