package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 and HTTP/1.1 over TLS, with the JDK's client. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsServerTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String SEGMENT = "/hls/demo/720p/3-17.m4s";

  @TempDir static Path directory;

  private static TestCertificate first;
  private static TestServer server;

  @BeforeAll
  static void start() {
    first = TestCertificate.make("EC", directory);
    server = new TestServer(settings(first.write(directory)));
    FakeHls.FakeStream stream = new FakeHls.FakeStream();
    stream.objects.put("720p/3-17.m4s", new MediaObject(new byte[1 << 20], "video/mp4"));
    stream.playlists.put("720p", TestServer.playlist("#EXTM3U\n", "v1", false, 4));
    server.hls.streams.put("demo", stream);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static HttpSettings settings(TlsSettings tls) {
    HttpSettings plain = TestServer.settings(0);
    return new HttpSettings(
        plain.host(),
        plain.port(),
        plain.requestTimeout(),
        plain.idleTimeout(),
        plain.maxConnections(),
        plain.backlog(),
        plain.maxUriLength(),
        plain.objectMaxAge(),
        plain.trustForwardedFor(),
        Optional.of(tls));
  }

  private static HttpClient client(TestCertificate trusted) {
    return HttpClient.newBuilder().sslContext(trusted.trusting()).build();
  }

  private static HttpRequest request(String path, Version version) {
    int port = server.server().tlsAddress().orElseThrow().getPort();
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
        .version(version)
        .header("User-Agent", "tls")
        .timeout(SOON)
        .build();
  }

  private static HttpResponse<byte[]> get(HttpClient client, String path, Version version) {
    return TestServer.await(start(client, path, version));
  }

  private static CompletableFuture<HttpResponse<byte[]>> start(
      HttpClient client, String path, Version version) {
    return client.sendAsync(request(path, version), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void speaksHttp2AndHttp11OverTlsAndOnlyHttp11Without() {
    HttpClient client = client(first);
    for (Version version : Version.values()) {
      HttpResponse<byte[]> response = get(client, SEGMENT, version);

      assertThat(response.version()).isEqualTo(version);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).hasSize(1 << 20);
    }
    assertThat(server.get(SEGMENT).version()).isEqualTo(Version.HTTP_1_1);
  }

  @Test
  void aViewerIsTheSameOverEveryProtocol() {
    HttpClient client = client(first);
    get(client, "/hls/demo/720p/index.m3u8", Version.HTTP_2);
    get(client, "/hls/demo/720p/index.m3u8", Version.HTTP_1_1);
    server.get("/hls/demo/720p/index.m3u8", "User-Agent", "tls");

    assertThat(server.viewers.count("demo")).isEqualTo(1);
  }

  @Test
  void oneFailureLeavesTheOtherRequestsOfAConnectionAlone() {
    FakeHls.FakeStream parked = new FakeHls.FakeStream();
    server.hls.streams.put("parked", parked);
    HttpClient client = client(first);
    get(client, SEGMENT, Version.HTTP_2);
    List<CompletableFuture<HttpResponse<byte[]>>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(start(client, "/hls/parked/index.m3u8", Version.HTTP_2));
    }

    assertThat(get(client, "/hls/breaks-open/index.m3u8", Version.HTTP_2).statusCode())
        .isEqualTo(500);
    assertThat(get(client, "/hls/demo/720p/breaks.m4s", Version.HTTP_2).statusCode())
        .isEqualTo(500);
    parked.multivariant.complete(Optional.of(TestServer.playlist("#EXTM3U\n", "v1", false, 4)));
    waiting.forEach(answer -> assertThat(TestServer.await(answer).statusCode()).isEqualTo(200));
  }

  /** With the library's client: the JDK's ends all its requests when it is told to go away. */
  @Test
  void answersWhatIsInFlightWhenItStops() {
    FakeHls.FakeStream parked = new FakeHls.FakeStream();
    try (TestServer stopping = new TestServer(settings(first.write(directory)))) {
      stopping.hls.streams.put("parked", parked);
      CompletableFuture<List<Integer>> answers =
          stopping.getOverHttp2(first, Collections.nCopies(20, "/hls/parked/index.m3u8"));
      stopping.awaitInFlight(20);

      CompletableFuture<Done> stopped =
          stopping.server().stop(Duration.ofSeconds(10)).toCompletableFuture();
      parked.multivariant.complete(Optional.of(TestServer.playlist("#EXTM3U\n", "v1", false, 4)));

      assertThat(TestServer.await(answers)).hasSize(20).containsOnly(200);
      TestServer.await(stopped);
    }
  }

  @Test
  void aNewCertificateCountsForNewConnectionsAndABrokenOneDoesNot() throws IOException {
    HttpClient before = client(first);
    get(before, SEGMENT, Version.HTTP_2);

    TestCertificate second = TestCertificate.make("RSA", directory);
    TlsSettings files = second.write(directory);
    Handshakes.awaitServed(server, second);
    assertThat(Handshakes.served(server, first)).isEmpty();
    assertThat(get(before, SEGMENT, Version.HTTP_2).statusCode()).isEqualTo(200);

    Files.writeString(files.key(), "not a key");
    TestCertificate third = TestCertificate.make("EC", directory);
    Files.writeString(files.certificate(), third.certificatePem());
    assertThat(Handshakes.served(server, second)).contains(second.certificate());
    Files.writeString(files.key(), third.keyPem());
    Handshakes.awaitServed(server, third);
    first.write(directory);
    Handshakes.awaitServed(server, first);
  }
}
