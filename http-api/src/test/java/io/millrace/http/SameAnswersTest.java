package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request gets the same answer whether it is answered where it is read or by Pekko HTTP's server
 * layer, which has those with an unusual field: status, fields in their order, body.
 */
class SameAnswersTest {
  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
    FakeHls.FakeStream stream = new FakeHls.FakeStream();
    stream.multivariant.complete(
        Optional.of(TestServer.playlist("#EXTM3U\n#master\n", "m1", false, 4)));
    stream.playlists.put("720p", TestServer.playlist("#EXTM3U\n#media\n", "v1", false, 4));
    stream.playlists.put("old", TestServer.playlist("#EXTM3U\n#EXT-X-ENDLIST\n", "e1", true, 4));
    stream.objects.put("720p/1-1.m4s", new MediaObject(new byte[] {1, 2, 3, 4}, "video/mp4"));
    server.hls.streams.put("demo", stream);
    FakeHls.FakeStream paused = new FakeHls.FakeStream();
    paused.paused = true;
    server.hls.streams.put("paused", paused);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hls/demo/index.m3u8",
        "/hls/demo/index.m3u8|Accept-Encoding: gzip, br",
        "/hls/demo/720p/index.m3u8",
        "/hls/demo/720p/index.m3u8|Accept-Encoding: gzip;q=0",
        "/hls/demo/720p/index.m3u8|If-None-Match: *",
        "/hls/demo/720p/index.m3u8?_HLS_part=1",
        "/hls/demo/old/index.m3u8",
        "/hls/demo/720p/1-1.m4s",
        "/hls/demo/720p/1-1.m4s|Range: bytes=1-2",
        "/hls/demo/720p/1-1.m4s|Range: bytes=9-",
        "/hls/demo/720p/1-1.m4s|If-None-Match: \"1-1.m4s\"",
        "/hls/demo/720p/2-1.m4s",
        "/hls/demo/none/index.m3u8",
        "/hls/none/index.m3u8",
        "/hls/paused/index.m3u8",
        "/nothing/here",
        "/",
        "/watch/demo",
        "/assets/watch.js",
        "/api/v1/streams",
        "/api/v1/openapi.yaml",
        "/health/live"
      })
  void doesNotDependOnWhoAnswers(String request) throws IOException {
    String[] parts = request.split("\\|", 2);
    String fields = parts.length == 1 ? "" : parts[1] + "\r\n";
    List<String> direct = answer(parts[0], fields);
    assertThat(direct).isEqualTo(answer(parts[0], fields + "X_Unusual_Name: 1\r\n"));
    assertThat(direct.get(0)).startsWith("HTTP/1.1 ");
  }

  /** Its lines, without the time of day; the last one is the body. */
  private static List<String> answer(String path, String fields) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      List<String> lines = new ArrayList<>();
      int length = 0;
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        if (line.startsWith("Content-Length: ")) {
          length = Integer.parseInt(line.substring("Content-Length: ".length()));
        }
        lines.add(line.startsWith("Date: ") ? "Date of " + line.length() : line);
      }
      lines.add(HexFormat.of().formatHex(in.readNBytes(length)));
      return lines;
    }
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (byte c = in.readByte(); c != '\n'; c = in.readByte()) {
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }
}
