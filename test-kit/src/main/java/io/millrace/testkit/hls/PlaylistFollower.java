package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Follows one media playlist: lints each version, downloads what it lists. */
final class PlaylistFollower {

  private record Seen(
      Segment segment,
      Instant at,
      CompletableFuture<Optional<Path>> file,
      CompletableFuture<Optional<Path>> init) {}

  private final URI uri;
  private final HlsHttp http;
  private final Observations observations;
  private final ObjectDownloads downloads;
  private final TreeMap<Long, Seen> seen = new TreeMap<>();
  private MediaPlaylist last;

  PlaylistFollower(URI uri, HlsHttp http, Observations observations, ObjectDownloads downloads) {
    this.uri = uri;
    this.http = http;
    this.observations = observations;
    this.downloads = downloads;
  }

  String name() {
    return ResourceName.of(uri.toString()).rendition();
  }

  /** One reload; what goes wrong is noted and left to the next one. */
  synchronized void reload() {
    boolean away = observations.isAway();
    try {
      ObservedResponse response = http.get(uri);
      observations.response(response, away);
      if (response.status() == 200) {
        accept(observations.version(response), response.at());
      } else {
        observations.failure(uri + " answers " + response.status(), away);
      }
    } catch (IOException e) {
      observations.failure(uri + " " + e, away);
    }
  }

  synchronized Optional<MediaPlaylist> last() {
    return Optional.ofNullable(last);
  }

  synchronized int segments() {
    return seen.size();
  }

  synchronized double seconds() {
    return seen.values().stream().mapToDouble(s -> s.segment.durationSeconds()).sum();
  }

  /** URIs of what is listed now and is not a gap. */
  synchronized List<URI> listedObjects() {
    return last == null
        ? List.of()
        : last.segments().stream().filter(s -> !s.gap()).map(s -> uri.resolve(s.uri())).toList();
  }

  /** All segments so far; downloads that are not complete count as failed. */
  synchronized RecordedRendition recorded(boolean audio) {
    List<RecordedSegment> segments = new ArrayList<>();
    for (Seen s : seen.values()) {
      segments.add(
          new RecordedSegment(
              s.segment, s.at, s.file.getNow(Optional.empty()), s.init.getNow(Optional.empty())));
    }
    return new RecordedRendition(name(), audio, last != null && last.ended(), segments);
  }

  private void accept(String text, Instant at) {
    try {
      if (PlaylistParser.parse(text) instanceof MediaPlaylist playlist) {
        last = playlist;
        playlist.segments().forEach(s -> seen.computeIfAbsent(s.msn(), msn -> fetch(s, at)));
      }
    } catch (PlaylistSyntaxException e) {
      observations.failure(uri + " " + e.getMessage(), false);
    }
  }

  private Seen fetch(Segment s, Instant at) {
    CompletableFuture<Optional<Path>> none = CompletableFuture.completedFuture(Optional.empty());
    return new Seen(
        s,
        at,
        s.gap() ? none : downloads.fetch(uri.resolve(s.uri())),
        s.mapUri().isEmpty() ? none : downloads.fetch(uri.resolve(s.mapUri())));
  }
}
