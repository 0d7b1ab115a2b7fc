package io.millrace.http;

import static io.millrace.http.TestServer.header;
import static io.millrace.http.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HealthRoutesTest {

  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void isLiveEvenWhenNotReady() {
    server.notReady = List.of("store: not reachable");

    assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void isReadyWithoutReasonsAgainstIt() {
    server.notReady = List.of();

    HttpResponse<byte[]> response = server.get("/health/ready");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response)).isEqualTo("{\"status\":\"ready\",\"node\":\"node-1\"}");
  }

  @Test
  void namesTheReasonsWhenNotReady() {
    server.notReady = List.of("store: not reachable", "rtmp: not bound");

    HttpResponse<byte[]> response = server.get("/health/ready");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(text(response))
        .isEqualTo(
            "{\"status\":\"not-ready\",\"node\":\"node-1\","
                + "\"reasons\":[\"store: not reachable\",\"rtmp: not bound\"]}");
  }

  @Test
  void countsRequestsByKindAndStatus() {
    server.get("/hls/nobody/index.m3u8");
    server.get("/no/such/address");

    HttpResponse<byte[]> response = server.get("/metrics");

    assertThat(header(response, "Content-Type")).startsWith("text/plain; version=0.0.4");
    assertThat(text(response))
        .contains(
            "millrace_http_requests_seconds_count{kind=\"hls-multivariant\",status=\"404\"} 1")
        .contains("millrace_http_requests_seconds_count{kind=\"unknown\",status=\"404\"} 1")
        .contains("millrace_http_response_bytes_total{kind=\"unknown\",status=\"404\"}")
        .contains("millrace_http_requests_in_flight 1.0")
        .contains("millrace_viewers 0.0");
  }
}
