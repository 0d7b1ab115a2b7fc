package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.hls.LowLatency;
import io.millrace.testkit.hls.MediaPlaylist;
import io.millrace.testkit.hls.PlaylistParser;
import io.millrace.testkit.hls.PlaylistSyntaxException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The segment that was not whole yet when a player of one node looked, and what became of it. */
final class PartsInFlight {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** The answer to a request, and how long it took. */
  private record Timed(HttpResponse<String> response, Duration after) {}

  private final URI playlist;
  private MediaPlaylist seen;
  private final Map<URI, byte[]> parts = new LinkedHashMap<>();
  private final List<CompletableFuture<Timed>> reloads = new ArrayList<>();

  private PartsInFlight(URI playlist, MediaPlaylist seen) {
    this.playlist = playlist;
    this.seen = seen;
  }

  /** Looks now, and fetches what is there. */
  static PartsInFlight at(URI playlist) throws Exception {
    PartsInFlight inFlight = new PartsInFlight(playlist, read(get(playlist).body()));
    for (LowLatency.Part part : inFlight.seen.lowLatency().open()) {
      URI uri = playlist.resolve(part.uri());
      HttpResponse<byte[]> response = CLIENT.send(request(uri), BodyHandlers.ofByteArray());
      assertThat(response.statusCode()).as("%s", uri).isEqualTo(200);
      inFlight.parts.put(uri, response.body());
    }
    return inFlight;
  }

  /** The owner is gone, so this is the last that there is of it: parts may have come meanwhile. */
  void lookAgain() throws Exception {
    seen = read(get(playlist).body());
  }

  private static HttpRequest request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
  }

  private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return CLIENT.send(request(uri), BodyHandlers.ofString());
  }

  private static MediaPlaylist read(String text) throws PlaylistSyntaxException {
    return (MediaPlaylist) PlaylistParser.parse(text);
  }

  private long msn() {
    return seen.lastMsn() + 1;
  }

  /** Seconds of it that are not listed yet, if it lasts {@code segment}. */
  double rest(double segment) {
    return segment - seen.lowLatency().open().stream().mapToDouble(LowLatency.Part::seconds).sum();
  }

  /** Asks for a part that never comes. */
  void reloadBeyond() {
    int part = seen.lowLatency().open().size() + 1;
    Instant from = Instant.now();
    URI uri = URI.create(playlist + "?_HLS_msn=" + msn() + "&_HLS_part=" + part);
    reloads.add(
        CLIENT
            .sendAsync(request(uri), BodyHandlers.ofString())
            .thenApply(response -> new Timed(response, Duration.between(from, Instant.now()))));
  }

  /**
   * Each reload was answered with a playlist, with the segment whole or at the deadline.
   *
   * @param deadline of a parked reload
   */
  void verifyReloads(Duration deadline) throws Exception {
    for (CompletableFuture<Timed> reload : reloads) {
      Timed answer = reload.get();
      assertThat(answer.response.statusCode()).as("%s", answer.response.uri()).isEqualTo(200);
      MediaPlaylist shown = read(answer.response.body());
      if (shown.lastMsn() < msn()) {
        assertThat(answer.after).isBetween(deadline.minusMillis(500), deadline.plusSeconds(1));
      }
      System.out.println(
          answer.response.uri() + " after " + answer.after + ": up to " + shown.lastMsn());
    }
  }

  /** Another owner has made it: whole; what was fetched before is still served, no more comes. */
  void verifyMadeWhole() throws Exception {
    for (Map.Entry<URI, byte[]> part : parts.entrySet()) {
      HttpResponse<byte[]> response =
          CLIENT.send(request(part.getKey()), BodyHandlers.ofByteArray());
      assertThat(response.statusCode()).as("%s", part.getKey()).isEqualTo(200);
      assertThat(response.body()).as("%s", part.getKey()).isEqualTo(part.getValue());
    }
    for (String hint : seen.lowLatency().hints()) {
      Instant from = Instant.now();
      assertThat(get(playlist.resolve(hint)).statusCode()).as("%s", hint).isEqualTo(404);
      assertThat(Duration.between(from, Instant.now())).isLessThan(Duration.ofSeconds(1));
    }
  }
}
