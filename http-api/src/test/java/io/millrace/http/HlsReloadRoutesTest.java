package io.millrace.http;

import static io.millrace.http.TestServer.header;
import static io.millrace.http.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.ReloadAnswer.Outcome;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocking reloads and delta updates over HTTP. */
class HlsReloadRoutesTest {

  private static final String MEDIA = "/hls/demo/720p/index.m3u8";

  private static TestServer server;
  private FakeHls.FakeStream stream;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void listStream() {
    stream = new FakeHls.FakeStream();
    stream.playlists.put("720p", playlist("full", false, 333));
    server.hls.streams.clear();
    server.hls.streams.put("demo", stream);
  }

  private static Playlist playlist(String text, boolean ended, int partTargetMillis) {
    Playlist full = TestServer.playlist(text, "e-" + text, ended, 4);
    Playlist delta = TestServer.playlist("delta of " + text, "d-" + text, ended, 4);
    return new Playlist(
        full.plain(),
        full.gzip(),
        full.etag(),
        ended,
        4,
        new PlaylistPosition(17, 3, 0),
        Optional.of(delta),
        partTargetMillis);
  }

  private void answer(Outcome outcome, Playlist playlist) {
    stream.reload = CompletableFuture.completedFuture(ReloadAnswer.now(outcome, playlist));
  }

  @Test
  void sendsWhatWasWaitedForWithALongLifetime() {
    answer(Outcome.REACHED, playlist("newer", false, 333));

    HttpResponse<byte[]> response = server.get(MEDIA + "?_HLS_msn=17&_HLS_part=4");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response)).isEqualTo("newer");
    assertThat(header(response, "Cache-Control")).isEqualTo("max-age=24");
    assertThat(header(response, "ETag")).isEqualTo("\"e-newer\"");
    assertThat(header(response, "Access-Control-Expose-Headers")).contains("Age", "Date");
    assertThat(stream.asked).containsExactly("720p 17 4");
    assertThat(
            server
                .get(MEDIA + "?_HLS_msn=17&_HLS_part=4", "If-None-Match", "\"e-newer\"")
                .statusCode())
        .isEqualTo(304);
  }

  @Test
  void sendsADeltaOnlyWhenAskedFor() {
    answer(Outcome.REACHED, playlist("newer", false, 333));

    assertThat(text(server.get(MEDIA + "?_HLS_skip=YES"))).isEqualTo("delta of full");
    assertThat(text(server.get(MEDIA + "?_HLS_msn=17&_HLS_skip=v2"))).isEqualTo("delta of newer");
    assertThat(text(server.get(MEDIA + "?_HLS_msn=17"))).isEqualTo("newer");
    assertThat(header(server.get(MEDIA + "?_HLS_skip=YES"), "Cache-Control"))
        .isEqualTo("max-age=1");
    assertThat(stream.asked).containsExactly("720p 17 -1", "720p 17 -1");
  }

  @Test
  void doesNotLetCachesKeepWhatTheDeadlineEnded() {
    answer(Outcome.UNCHANGED, playlist("full", false, 333));

    HttpResponse<byte[]> response = server.get(MEDIA + "?_HLS_msn=17&_HLS_part=4");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Cache-Control")).isEqualTo("max-age=1");
  }

  @ParameterizedTest
  @CsvSource({
    "TOO_FAR, 400, reload.invalid",
    "UNKNOWN, 404, rendition.not-found",
    "OVERLOADED, 503, reload.overloaded",
    "OWNERLESS, 503, stream.paused"
  })
  void saysWhyThereIsNoPlaylist(Outcome outcome, int status, String code) {
    answer(outcome, null);

    HttpResponse<byte[]> response = server.get(MEDIA + "?_HLS_msn=17&_HLS_part=4");

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(text(response)).contains('"' + code + '"');
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(response, "Retry-After")).isEqualTo(status == 503 ? "1" : "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_HLS_part=1", "_HLS_msn=abc", "_HLS_msn=-1", "_HLS_msn=1&_HLS_part=x"})
  void refusesWhatIsNoPosition(String query) {
    HttpResponse<byte[]> response = server.get(MEDIA + '?' + query);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(text(response)).contains("\"reload.invalid\"", "expected");
    assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
    assertThat(stream.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"_HLS_part=1", "_HLS_msn=abc", "_HLS_msn=99", "_HLS_skip=YES"})
  void ignoresDirectivesOfAStreamThatHasEndedOrHasNoParts(String query) {
    stream.playlists.put("720p", playlist("ended", true, 333));
    assertThat(text(server.get(MEDIA + '?' + query))).isEqualTo("ended");

    stream.playlists.put("720p", playlist("plain", false, 0));
    HttpResponse<byte[]> plain = server.get(MEDIA + '?' + query);
    assertThat(plain.statusCode()).isEqualTo(200);
    assertThat(stream.asked).isEmpty();
  }

  @Test
  void tellsTheTimeOfWaitingApartFromTheTimeOfServing() {
    long hourLater = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
    Playlist newer = playlist("newer", false, 333);
    stream.reload =
        CompletableFuture.completedFuture(new ReloadAnswer(Outcome.REACHED, newer, hourLater));
    stream.answerAfterMillis = 1000;

    assertThat(server.get(MEDIA + "?_HLS_msn=17&_HLS_part=4").statusCode()).isEqualTo(200);

    double waited =
        server
            .registry
            .get("millrace.http.waits")
            .tag("kind", "hls-playlist")
            .tag("status", "200")
            .timer()
            .totalTime(TimeUnit.MINUTES);
    double served =
        server
            .registry
            .get("millrace.http.requests")
            .tag("kind", "hls-playlist")
            .tag("status", "200")
            .timer()
            .max(TimeUnit.MINUTES);
    assertThat(waited).as("minutes that an answer was not there yet").isBetween(58.0, 60.1);
    assertThat(served).as("minutes").isLessThan(58);
    assertThat(server.viewers.count("demo")).isEqualTo(1);
  }
}
