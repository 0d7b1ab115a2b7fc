package io.millrace.http.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
  private static final String HEAD =
      String.join(
          "\r\n",
          "GET /hls/cam/720p/index.m3u8?_HLS_msn=12&_HLS_part=3&CMCD=bl%3D100 HTTP/1.1",
          "Host: media.example:8080",
          "Connection: Keep-Alive",
          "User-Agent:  Mozilla/5.0 (X11; Linux x86_64)\t",
          "Empty:",
          "",
          "");

  private static RequestHead read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return RequestHead.read(bytes, 0, bytes.length);
  }

  private static String with(String line) {
    return "GET /a HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n";
  }

  @Test
  void readsTargetAndFields() {
    RequestHead head = read(HEAD + "GET /next");
    assertThat(head.target())
        .isEqualTo("/hls/cam/720p/index.m3u8?_HLS_msn=12&_HLS_part=3&CMCD=bl%3D100");
    assertThat(head.fields())
        .extracting(field -> field.name() + "=" + field.value())
        .containsExactly(
            "Host=media.example:8080",
            "Connection=Keep-Alive",
            "User-Agent=Mozilla/5.0 (X11; Linux x86_64)",
            "Empty=");
    assertThat(head.length()).isEqualTo(HEAD.length());
  }

  @Test
  void waitsForTheRestOfEveryBeginning() {
    for (int length = 0; length < HEAD.length(); length++) {
      assertThat(read(HEAD.substring(0, length))).as("%d", length).isSameAs(RequestHead.INCOMPLETE);
    }
  }

  @Test
  void beginsWhereItIsTold() {
    byte[] bytes = ("xyz" + HEAD).getBytes(StandardCharsets.US_ASCII);
    assertThat(RequestHead.read(bytes, 3, bytes.length).length()).isEqualTo(HEAD.length());
    assertThat(RequestHead.read(bytes, 2, bytes.length)).isSameAs(RequestHead.OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /a HTTP/1.1\r\n",
        "HEAD /a HTTP/1.1\r\n",
        "get /a HTTP/1.1\r\n",
        "GET a HTTP/1.1\r\n",
        "GET http://a/ HTTP/1.1\r\n",
        "GET //a HTTP/1.1\r\n",
        "GET /a//b HTTP/1.1\r\n",
        "GET /a/../b HTTP/1.1\r\n",
        "GET /. HTTP/1.1\r\n",
        "GET /a HTTP/1.0\r\n",
        "GET /a HTTP/2.0\r\n",
        "GET /a HTTP/1.10\r\n",
        "GET /a\r\n",
        "GET /a  HTTP/1.1\r\n",
        "GET  /a HTTP/1.1\r\n",
        "GET /a b HTTP/1.1\r\n",
        "GET /a%2fb HTTP/1.1\r\n",
        "GET /a;b HTTP/1.1\r\n",
        "GET /a#b HTTP/1.1\r\n",
        "GET /a? HTTP/1.1\r\n",
        "GET /a?b=%2 HTTP/1.1\r\n",
        "GET /a?b=%zz HTTP/1.1\r\n",
        "GET /a?b=<c> HTTP/1.1\r\n",
        "GET /\u00e9 HTTP/1.1\r\n",
        "GET /a HTTP/1.1\n",
        "\u0016\u0003\u0001",
        "\r\n"
      })
  void leavesUnusualRequestLinesToTheLibrary(String line) {
    assertThat(read(line + "Host: a\r\n\r\n")).isSameAs(RequestHead.OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 0",
        "content-length: 5",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        "Upgrade: h2c",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
        "Connection: close",
        "Connection: keep-alive, Upgrade",
        "Host: b",
        " folded",
        "\tfolded",
        "No-Colon",
        ": no name",
        "Space : before the colon",
        "X_Y: 1",
        "X: a\u0000b",
        "X: a\rb",
        "X: \u00fc",
        "X: a\nY: b"
      })
  void leavesUnusualFieldsToTheLibrary(String field) {
    assertThat(read(with(field))).isSameAs(RequestHead.OTHER);
  }

  @Test
  void leavesWhatHasNoHostToTheLibrary() {
    assertThat(read("GET /a HTTP/1.1\r\nAccept: */*\r\n\r\n")).isSameAs(RequestHead.OTHER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "x/../y", "user@a", "a?b", "\u00fc"})
  void leavesUnusualHostsToTheLibrary(String host) {
    assertThat(read("GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).isSameAs(RequestHead.OTHER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "media-1.example.org:8080", "[::1]:80", "127.0.0.1"})
  void takesHostsThatAreInUse(String host) {
    assertThat(read("GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n").fields()).hasSize(1);
  }

  @Test
  void leavesLongHeadsToTheLibrary() {
    assertThat(read(with("X: " + "a".repeat(4050)))).isNotSameAs(RequestHead.OTHER);
    assertThat(read(with("X: " + "a".repeat(4070)))).isSameAs(RequestHead.OTHER);
    assertThat(read(with("X: 1\r\n".repeat(62) + "X: 1"))).isNotSameAs(RequestHead.OTHER);
    assertThat(read(with("X: 1\r\n".repeat(63) + "X: 1"))).isSameAs(RequestHead.OTHER);
    assertThat(read(with("X".repeat(64) + ": 1")).fields()).hasSize(2);
    assertThat(read(with("X".repeat(65) + ": 1"))).isSameAs(RequestHead.OTHER);
    assertThat(read("GET /" + "a".repeat(4095))).isSameAs(RequestHead.OTHER);
    assertThat(read("GET /" + "a".repeat(4000))).isSameAs(RequestHead.INCOMPLETE);
  }
}
