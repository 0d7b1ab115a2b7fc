package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests written byte by byte, as no well-behaved client would send them. */
class HostileRequestsTest {

  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
    FakeHls.FakeStream stream = new FakeHls.FakeStream();
    stream.objects.put("720p/1-1.m4s", new MediaObject(new byte[8], "video/mp4"));
    server.hls.streams.put("demo", stream);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hls/../../etc/passwd",
        "/hls/demo/../../../etc/passwd",
        "/hls/demo/..%2f..%2fetc/passwd",
        "/hls/demo/%2e%2e/%2e%2e/passwd",
        "/hls/demo/720p/..%5c1-1.m4s",
        "/hls/demo/720p%2f1-1.m4s",
        "/hls/demo/720p/1-1.m4s;jsessionid=1",
        "/hls/demo;a=b/720p/1-1.m4s",
        "/hls/demo/720p/1-1.m4s%00.mp4",
        "/hls/demo//720p/1-1.m4s",
        "//hls/demo/720p/1-1.m4s",
        "/hls/demo/720p/",
        "/hls/demo/./720p/1-1.m4s/",
        "/assets/../../io/millrace/http/openapi.yaml",
        "/assets/..%2fweb%2findex.html",
        "/hls/%f0%9f%98%80/index.m3u8"
      })
  void findsNothingBesideTheRoutes(String path) throws IOException {
    assertThat(status("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n")).isIn(400, 404);
    assertThat(status("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .isIn(400, 404);
  }

  @Test
  void servesTheObjectAtItsPlainAddress() throws IOException {
    assertThat(
            status(
                "GET /hls/demo/720p/1-1.m4s?x=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .isEqualTo(200);
  }

  @Test
  void refusesVeryLongAddress() throws IOException {
    assertThat(status("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n")).isEqualTo(414);
  }

  @ParameterizedTest
  @CsvSource({"X-Long,20000,1", "X-Many,1,200"})
  void refusesHeaderFloods(String name, int length, int count) throws IOException {
    StringBuilder headers = new StringBuilder();
    for (int i = 0; i < count; i++) {
      headers.append(name).append(i).append(": ").append("v".repeat(length)).append("\r\n");
    }
    assertThat(status("GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n")).isIn(400, 431);
  }

  /** Pekko HTTP's parser alone would run out of stack, which ends the process. */
  @Test
  void answersThousandsOfTheShortestRequestsAtOnce() throws IOException {
    int count = 20_000;
    byte[] requests =
        "GET /x HTTP/1.1\r\nHost:a\r\n\r\n".repeat(count).getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  socket.getOutputStream().write(requests);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (int i = 0; i < count; i++) {
        assertThat(readResponse(in)).startsWith("HTTP/1.1 404 ");
      }
      sent.join();
    }
  }

  @Test
  void ignoresABodyThatNobodyAskedFor() throws IOException {
    String head = "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    String body = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";

    assertThat(status(head + body)).isEqualTo(200);
  }

  @Test
  void keepsTheConnectionAfterHandlersFail() throws IOException {
    String get = "GET %s HTTP/1.1\r\nHost: a\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String path :
          new String[] {
            "/hls/breaks-open/index.m3u8",
            "/hls/demo/720p/breaks.m4s",
            "/api/v1/streams/breaks/thumbnail.jpg"
          }) {
        out.write(get.formatted(path).getBytes(StandardCharsets.ISO_8859_1));
        assertThat(readResponse(in))
            .startsWith("HTTP/1.1 500 ")
            .contains("\"code\":\"server.internal\"")
            .contains("\"detail\":\"reference ")
            .doesNotContain("IllegalState", "breaks open", "breaks\"");
      }
      out.write(get.formatted("/health/live").getBytes(StandardCharsets.ISO_8859_1));
      assertThat(readResponse(in)).startsWith("HTTP/1.1 200 ");
    }
  }

  private static String readResponse(BufferedReader in) throws IOException {
    StringBuilder response = new StringBuilder();
    int length = 0;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      response.append(line).append('\n');
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring(16));
      }
    }
    for (int i = 0; i < length; i++) {
      response.append((char) in.read());
    }
    return response.toString();
  }

  private static int status(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
              .readLine();
      return Integer.parseInt(line.split(" ", 3)[1]);
    }
  }
}
