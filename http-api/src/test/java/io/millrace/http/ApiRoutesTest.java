package io.millrace.http;

import static io.millrace.http.TestServer.header;
import static io.millrace.http.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.http.StreamInfo.AudioInfo;
import io.millrace.http.StreamInfo.Notice;
import io.millrace.http.StreamInfo.RenditionInfo;
import io.millrace.http.StreamInfo.VideoInfo;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiRoutesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void listStreams() {
    server.streams.infos.clear();
    server.streams.infos.put("demo", full("demo"));
    server.streams.infos.put("bare", bare("bare"));
    server.streams.thumbnails.put("demo", "jpeg".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void writesAStreamWithStableFieldNames() throws IOException {
    HttpResponse<byte[]> response = server.get("/api/v1/streams/demo");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).isEqualTo("application/json");
    assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
    assertThat(JSON.readTree(response.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"id":"demo","state":"reconnecting","startedAt":"2026-03-01T10:00:00Z",
                 "reconnectDeadline":"2026-03-01T10:00:30.123Z","owner":"node-1","epoch":3,
                 "session":2,"viewers":7,"cut":"source",
                 "video":{"codec":"h264","codecs":"avc1.640028","width":1920,"height":1080,
                  "frameRate":29.97,"keyframeIntervalSeconds":2.0,"bitrateBps":4700000},
                 "audio":{"codec":"aac","codecs":"mp4a.40.2","sampleRate":48000,"channels":2,
                  "bitrateBps":160000},
                 "renditions":[{"name":"720p","kind":"transcoded","state":"active",
                  "codecs":"avc1.64001f","width":1280,"height":720,"frameRate":29.97,
                  "bandwidthBps":3300000,"mediaSequence":17,"lagMillis":350,"droppedFrames":1,
                  "gapSegments":2}],
                 "notices":[{"at":"2026-03-01T10:00:00Z","code":"a.b","text":"said"}]}
                """));
  }

  @Test
  void leavesOutWhatIsNotKnown() throws IOException {
    JsonNode stream = JSON.readTree(server.get("/api/v1/streams/bare").body());

    assertThat(stream.has("reconnectDeadline")).isFalse();
    assertThat(stream.has("video")).isFalse();
    assertThat(stream.get("renditions")).isEmpty();
  }

  @Test
  void listsStreams() throws IOException {
    JsonNode streams = JSON.readTree(server.get("/api/v1/streams").body()).get("streams");

    assertThat(streams.findValuesAsText("id")).containsExactly("bare", "demo");
  }

  @Test
  void kicksAStreamOnce() {
    assertThat(server.send("DELETE", "/api/v1/streams/demo").statusCode()).isEqualTo(204);

    HttpResponse<byte[]> again = server.send("DELETE", "/api/v1/streams/demo");

    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(text(again))
        .isEqualTo("{\"code\":\"stream.not-found\",\"message\":\"There is no such stream.\"}");
  }

  @Test
  void servesThumbnail() {
    HttpResponse<byte[]> response = server.get("/api/v1/streams/demo/thumbnail.jpg");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).isEqualTo("image/jpeg");
    assertThat(text(response)).isEqualTo("jpeg");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/streams/nobody,stream.not-found",
    "/api/v1/streams/bare/thumbnail.jpg,thumbnail.not-found",
    "/api/v1/nothing,route.not-found",
    "/nothing,route.not-found",
    "/watch/,route.not-found",
    "/hls/demo,route.not-found"
  })
  void answersNotFoundAsJson(String path, String code) throws IOException {
    HttpResponse<byte[]> response = server.get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(response.body()).get("code").asText()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/api/v1/streams/demo|DELETE, GET, HEAD, OPTIONS",
        "DELETE|/api/v1/streams|GET, HEAD, OPTIONS",
        "PUT|/hls/demo/index.m3u8|GET, HEAD, OPTIONS",
        "POST|/|GET, HEAD, OPTIONS"
      })
  void refusesOtherMethodsNamingTheAllowedOnes(String method, String path, String allow)
      throws IOException {
    HttpResponse<byte[]> response = server.send(method, path);

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(header(response, "Allow")).isEqualTo(allow);
    assertThat(JSON.readTree(response.body()).get("code").asText())
        .isEqualTo("request.method-not-allowed");
  }

  @Test
  void doesNotLetOtherOriginsUseTheApi() {
    HttpResponse<byte[]> preflight =
        server.send(
            "OPTIONS",
            "/api/v1/streams/demo",
            "Origin",
            "https://a.example",
            "Access-Control-Request-Method",
            "DELETE");

    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(header(preflight, "Access-Control-Allow-Origin")).isEmpty();
    assertThat(header(server.get("/api/v1/streams"), "Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void describesTheNode() throws IOException {
    JsonNode node = JSON.readTree(server.get("/api/v1/node").body());

    assertThat(node.get("name").asText()).isEqualTo("node-1");
    assertThat(node.get("mode").asText()).isEqualTo("single");
    assertThat(node.get("startedAt").asText()).isEqualTo("2026-03-01T10:00:00Z");
    assertThat(node.get("rtmpPort").asInt()).isEqualTo(1935);
    assertThat(node.get("httpPort").asInt()).isEqualTo(server.port());
  }

  private static StreamInfo full(String id) {
    return new StreamInfo(
        id,
        "reconnecting",
        TestServer.START,
        Instant.parse("2026-03-01T10:00:30.123456Z"),
        "node-1",
        3,
        2,
        7,
        "source",
        new VideoInfo("h264", "avc1.640028", 1920, 1080, 29.97, 2, 4_700_000),
        new AudioInfo("aac", "mp4a.40.2", 48000, 2, 160_000),
        List.of(
            new RenditionInfo(
                "720p",
                "transcoded",
                "active",
                "avc1.64001f",
                1280,
                720,
                29.97,
                3_300_000,
                17,
                350,
                1,
                2)),
        List.of(new Notice(TestServer.START, "a.b", "said")));
  }

  private static StreamInfo bare(String id) {
    return new StreamInfo(
        id,
        "live",
        TestServer.START,
        null,
        "node-1",
        1,
        1,
        0,
        "source",
        null,
        null,
        List.of(),
        List.of());
  }
}
