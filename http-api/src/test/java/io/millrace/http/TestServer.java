package io.millrace.http;

import com.typesafe.config.ConfigFactory;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** The real server on a free port of the loopback interface, over fakes. */
final class TestServer implements AutoCloseable {

  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  final FakeHls hls = new FakeHls();
  final FakeStreams streams = new FakeStreams();
  final FakeCluster cluster = new FakeCluster();
  final ViewerTracker viewers = new ViewerTracker();
  final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  volatile List<String> notReady = List.of();

  private final ActorSystem<Void> system;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  TestServer() {
    this(settings(0));
  }

  TestServer(HttpSettings settings) {
    system =
        ActorSystem.create(
            Behaviors.empty(),
            "http-test",
            ConfigFactory.parseString(
                    """
                    pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                    pekko.loglevel = WARNING
                    pekko.http.server.parsing.error-logging-verbosity = off
                    """)
                .withFallback(ConfigFactory.load()));
    server = await(HttpServer.start(system, settings, ports(), registry).toCompletableFuture());
  }

  static HttpSettings settings(int port) {
    return new HttpSettings(
        "127.0.0.1",
        port,
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        1024,
        128,
        2048,
        Duration.ofHours(1),
        false,
        Optional.empty());
  }

  HttpPorts ports() {
    HealthPort health =
        new HealthPort() {
          @Override
          public List<String> notReady() {
            return notReady;
          }

          @Override
          public String nodeName() {
            return "node-1";
          }
        };
    NodePort node = () -> new NodeInfo("node-1", "0.1.0", "single", START, 1935, port());
    return new HttpPorts(hls, streams, health, node, cluster, viewers);
  }

  int port() {
    return server.address().getPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  HttpResponse<byte[]> get(String path, String... headers) {
    return send("GET", path, headers);
  }

  HttpResponse<byte[]> send(String method, String path, String... headers) {
    java.net.http.HttpRequest.Builder request =
        java.net.http.HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(20))
            .method(method, java.net.http.HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return await(client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  static Playlist playlist(String text, String etag, boolean ended, int targetSeconds) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Playlist(plain, compressed.toByteArray(), etag, ended, targetSeconds);
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpServer server() {
    return server;
  }

  /** Status of each, all on one connection, in the order of their answers. */
  CompletableFuture<List<Integer>> getOverHttp2(TestCertificate trusted, List<String> paths) {
    return Source.from(paths)
        .map(HttpRequest::GET)
        .concat(Source.maybe())
        .via(
            Http.get(system)
                .connectionTo("127.0.0.1")
                .toPort(server.tlsAddress().orElseThrow().getPort())
                .withCustomHttpsConnectionContext(ConnectionContext.httpsClient(trusted.trusting()))
                .http2())
        .map(response -> response.status().intValue())
        .take(paths.size())
        .runWith(Sink.seq(), system)
        .toCompletableFuture();
  }

  /** So many requests are being handled. */
  void awaitInFlight(int count) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (registry.get("millrace.http.requests.in.flight").gauge().value() < count) {
      if (System.nanoTime() > end) {
        throw new AssertionError("fewer than " + count + " requests are handled");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Override
  public void close() {
    await(server.stop(Duration.ofSeconds(3)).toCompletableFuture());
    system.terminate();
    await(system.getWhenTerminated().toCompletableFuture());
  }
}
