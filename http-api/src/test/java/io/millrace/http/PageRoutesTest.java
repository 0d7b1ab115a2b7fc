package io.millrace.http;

import static io.millrace.http.TestServer.header;
import static io.millrace.http.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageRoutesTest {

  private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"");

  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/watch/any-stream"})
  void servesPagesThatOnlyLoadFromThisServer(String path) {
    HttpResponse<byte[]> page = server.get(path);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Type")).isEqualToIgnoringCase("text/html; charset=utf-8");
    assertThat(header(page, "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self';")
        .doesNotContain("unsafe");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(text(page)).doesNotContain("http://", "https://", "<style", " style=", " onclick=");
    assertThat(text(page)).doesNotContainPattern("<script(?![^>]*\\ssrc=)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/watch/any-stream"})
  void servesEverythingThatAPageRefersTo(String path) {
    Matcher reference = REFERENCE.matcher(text(server.get(path)));
    int found = 0;
    while (reference.find()) {
      found++;
      assertThat(server.get(reference.group(1)).statusCode()).as(reference.group(1)).isEqualTo(200);
    }
    assertThat(found).isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "/assets/millrace.css,text/css",
    "/assets/watch.js,application/javascript",
    "/assets/icon.svg,image/svg+xml"
  })
  void servesAssetsWithTheirTypes(String path, String type) {
    assertThat(header(server.get(path), "Content-Type")).startsWith(type);
  }

  @Test
  void servesHlsJsFromTheWebJarCompressed() {
    HttpResponse<byte[]> plain = server.get("/assets/hls.min.js");
    HttpResponse<byte[]> gzip = server.get("/assets/hls.min.js", "Accept-Encoding", "gzip");

    assertThat(text(plain)).contains("recoverMediaError");
    assertThat(gzip.body().length).isLessThan(plain.body().length / 2);
    assertThat(
            server
                .get(
                    "/assets/hls.min.js",
                    "Accept-Encoding",
                    "gzip",
                    "If-None-Match",
                    header(gzip, "ETag"))
                .statusCode())
        .isEqualTo(304);
  }
}
