package io.millrace.http;

import static io.millrace.http.TestServer.header;
import static io.millrace.http.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HlsRoutesTest {

  private static final String MULTIVARIANT = "/hls/demo/index.m3u8";
  private static final String MEDIA = "/hls/demo/720p/index.m3u8";
  private static final String SEGMENT = "/hls/demo/720p/3-17.m4s";
  private static final byte[] BYTES = new byte[1000];

  private static TestServer server;
  private FakeHls.FakeStream stream;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
    for (int i = 0; i < BYTES.length; i++) {
      BYTES[i] = (byte) i;
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void listStream() {
    stream = new FakeHls.FakeStream();
    stream.multivariant.complete(
        Optional.of(TestServer.playlist("#EXTM3U\nmultivariant\n", "m1", false, 4)));
    stream.playlists.put("720p", TestServer.playlist("#EXTM3U\nlive\n", "v17", false, 8));
    stream.objects.put("720p/3-17.m4s", new MediaObject(BYTES, "video/mp4"));
    stream.objects.put("720p/init-0011223344556677.mp4", new MediaObject(BYTES, "video/mp4"));
    stream.objects.put("audio/3-17.m4s", new MediaObject(BYTES, "audio/mp4"));
    server.hls.streams.clear();
    server.hls.streams.put("demo", stream);
  }

  @Test
  void servesMultivariantPlaylistWithItsHeaders() {
    HttpResponse<byte[]> response = server.get(MULTIVARIANT);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response)).isEqualTo("#EXTM3U\nmultivariant\n");
    assertThat(header(response, "Content-Type")).isEqualTo("application/vnd.apple.mpegurl");
    assertThat(header(response, "Cache-Control")).isEqualTo("max-age=1");
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(response, "Access-Control-Expose-Headers"))
        .contains("Age", "Date", "Content-Length", "ETag");
    assertThat(header(response, "ETag")).isEqualTo("\"m1\"");
    assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(header(response, "Server")).isEqualTo("millrace");
    assertThat(header(response, "Date")).isNotEmpty();
    assertThat(response.headers().allValues("Content-Encoding")).isEmpty();
  }

  @Test
  void keepsLiveMediaPlaylistForAtMostHalfATargetDuration() {
    assertThat(header(server.get(MEDIA), "Cache-Control")).isEqualTo("max-age=2");
  }

  @Test
  void keepsEndedPlaylistsForAMomentSinceTheNextStreamHasTheirAddress() {
    stream.playlists.put("720p", TestServer.playlist("#EXTM3U\n", "end", true, 8));

    assertThat(header(server.get(MEDIA), "Cache-Control")).isEqualTo("max-age=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br, gzip;q=0.5", "GZIP", "*", "deflate, x-gzip"})
  void compressesPlaylistsWhenAccepted(String accepted) throws IOException {
    HttpResponse<byte[]> response = server.get(MEDIA, "Accept-Encoding", accepted);

    assertThat(header(response, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(response, "ETag")).isEqualTo("\"v17-gz\"");
    assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    assertThat(new String(plain, StandardCharsets.UTF_8)).isEqualTo("#EXTM3U\nlive\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip;q=0", "br", "*;q=0", "gzip;q=0.000, *"})
  void sendsPlainPlaylistsOtherwise(String accepted) {
    HttpResponse<byte[]> response = server.get(MEDIA, "Accept-Encoding", accepted);

    assertThat(response.headers().allValues("Content-Encoding")).isEmpty();
    assertThat(text(response)).isEqualTo("#EXTM3U\nlive\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"v17\"|identity|304",
        "\"v17-gz\"|gzip|304",
        "W/\"v17\"|identity|304",
        "\"v16\", \"v17\"|identity|304",
        "*|identity|304",
        "\"v17\"|gzip|200",
        "\"v16\"|identity|200"
      })
  void answersNotModifiedForTheSameRepresentation(String known, String encoding, int status) {
    HttpResponse<byte[]> response =
        server.get(MEDIA, "If-None-Match", known, "Accept-Encoding", encoding);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(header(response, "ETag")).startsWith("\"v17");
    if (status == 304) {
      assertThat(response.body()).isEmpty();
      assertThat(header(response, "Cache-Control")).isEqualTo("max-age=2");
      assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {MULTIVARIANT, MEDIA, SEGMENT})
  void answersHeadLikeGetWithoutBody(String path) {
    HttpResponse<byte[]> get = server.get(path);
    HttpResponse<byte[]> head = server.send("HEAD", path);

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    for (String name : new String[] {"Content-Length", "Content-Type", "ETag", "Cache-Control"}) {
      assertThat(header(head, name)).as(name).isNotEmpty().isEqualTo(header(get, name));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/hls/demo/720p/3-17.m4s,video/mp4",
    "/hls/demo/720p/init-0011223344556677.mp4,video/mp4",
    "/hls/demo/audio/3-17.m4s,audio/mp4"
  })
  void servesObjectsAsImmutableForABoundedTime(String path, String type) {
    HttpResponse<byte[]> response = server.get(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(BYTES);
    assertThat(header(response, "Content-Type")).isEqualTo(type);
    assertThat(header(response, "Cache-Control")).isEqualTo("max-age=3600, immutable");
    assertThat(header(response, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @Test
  void answersNotModifiedForAKnownObject() {
    String etag = header(server.get(SEGMENT), "ETag");

    assertThat(server.get(SEGMENT, "If-None-Match", etag).statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-99,0,99",
    "bytes=990-,990,999",
    "bytes=990-5000,990,999",
    "bytes=-10,990,999",
    "bytes=-5000,0,999",
    "bytes=0-0,0,0"
  })
  void sendsOneRangeOfASegment(String range, int first, int last) {
    HttpResponse<byte[]> response = server.get(SEGMENT, "Range", range);

    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(header(response, "Content-Range"))
        .isEqualTo("bytes " + first + "-" + last + "/1000");
    assertThat(response.body()).isEqualTo(Arrays.copyOfRange(BYTES, first, last + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1000-", "bytes=5000-6000", "bytes=-0"})
  void refusesRangePastTheEnd(String range) {
    HttpResponse<byte[]> response = server.get(SEGMENT, "Range", range);

    assertThat(response.statusCode()).isEqualTo(416);
    assertThat(header(response, "Content-Range")).isEqualTo("bytes */1000");
    assertThat(text(response)).contains("\"request.range-not-satisfiable\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1,5-6", "items=0-5", "bytes=abc", "bytes=9-1", "bytes=-"})
  void sendsTheWholeObjectForRangesThatItDoesNotServe(String range) {
    HttpResponse<byte[]> response = server.get(SEGMENT, "Range", range);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(BYTES);
  }

  @Test
  void sendsTheWholeObjectForManyOverlappingRanges() {
    HttpResponse<byte[]> response =
        server.get(SEGMENT, "Range", "bytes=0-" + ",0-999".repeat(1000));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).hasSize(1000);
  }

  @Test
  void ignoresRangeWhenIfRangeNamesAnotherObject() {
    String etag = header(server.get(SEGMENT), "ETag");

    assertThat(server.get(SEGMENT, "Range", "bytes=0-9", "If-Range", "\"other\"").statusCode())
        .isEqualTo(200);
    assertThat(server.get(SEGMENT, "Range", "bytes=0-9", "If-Range", etag).statusCode())
        .isEqualTo(206);
  }

  @ParameterizedTest
  @CsvSource({
    "/hls/nobody/index.m3u8,stream.not-found",
    "/hls/nobody/720p/index.m3u8,stream.not-found",
    "/hls/nobody/720p/3-17.m4s,stream.not-found",
    "/hls/demo/1080p/index.m3u8,rendition.not-found",
    "/hls/demo/720p/3-18.m4s,object.not-found",
    "/hls/demo/1080p/3-17.m4s,object.not-found"
  })
  void answersNotFoundForAMoment(String path, String code) {
    HttpResponse<byte[]> response = server.get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(text(response)).contains("\"code\":\"" + code + "\"");
    assertThat(header(response, "Cache-Control")).isEqualTo("max-age=1");
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @Test
  @Timeout(20)
  void parksMultivariantUntilThePortCompletesItAndCountsTheWaitApart() {
    Timer waits =
        server
            .registry
            .get("millrace.http.waits")
            .tag("kind", "hls-multivariant")
            .tag("status", "200")
            .timer();
    long waitedBefore = waits.count();
    stream.multivariant = new CompletableFuture<>();
    CompletableFuture<HttpResponse<byte[]>> parked =
        CompletableFuture.supplyAsync(() -> server.get(MULTIVARIANT));
    while (stream.multivariant.getNumberOfDependents() == 0) {
      Thread.onSpinWait();
    }
    assertThat(parked).isNotDone();

    stream.multivariant.complete(Optional.of(TestServer.playlist("#EXTM3U\n", "m2", false, 4)));

    assertThat(TestServer.await(parked).statusCode()).isEqualTo(200);
    assertThat(waits.count()).isEqualTo(waitedBefore + 1);
    server.get(MULTIVARIANT);
    assertThat(waits.count()).isEqualTo(waitedBefore + 1);
  }

  @Test
  void answersUnavailableWhenParkedRequestEndsEmpty() {
    stream.multivariant = CompletableFuture.completedFuture(Optional.empty());

    HttpResponse<byte[]> response = server.get(MULTIVARIANT);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(header(response, "Retry-After")).isEqualTo("1");
    assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
    assertThat(text(response)).contains("\"stream.starting\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {MULTIVARIANT, MEDIA, SEGMENT})
  void answersUnavailableWhilePaused(String path) {
    stream.paused = true;

    HttpResponse<byte[]> response = server.get(path);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(header(response, "Retry-After")).isEqualTo("1");
    assertThat(text(response)).contains("\"stream.paused\"");
  }

  @Test
  void answersPreflight() {
    HttpResponse<byte[]> response =
        server.send(
            "OPTIONS",
            SEGMENT,
            "Origin",
            "https://a.example",
            "Access-Control-Request-Method",
            "GET",
            "Access-Control-Request-Headers",
            "range");

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(response, "Access-Control-Allow-Methods")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(header(response, "Access-Control-Allow-Headers")).contains("Range", "CMCD-Session");
    assertThat(header(response, "Access-Control-Max-Age")).isEqualTo("86400");
  }

  @Test
  void countsPlaybackSessionsByUserAgent() {
    server.hls.streams.put("counted", stream);
    server.get("/hls/counted/index.m3u8", "User-Agent", "one");
    server.get("/hls/counted/720p/index.m3u8", "User-Agent", "one");
    server.get("/hls/counted/720p/index.m3u8", "User-Agent", "two");
    server.get("/hls/counted/720p/3-17.m4s", "User-Agent", "three");

    assertThat(server.viewers.count("counted")).isEqualTo(2);
  }
}
