package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Follows one media playlist: lints each version, downloads what it lists. */
final class PlaylistFollower {

  private record Seen(
      Segment segment,
      Instant at,
      CompletableFuture<Optional<Path>> file,
      CompletableFuture<Optional<Path>> init) {}

  private final URI uri;
  private final HlsHttp http;
  private final PlaylistLinter linter;
  private final ObjectDownloads downloads;
  private final Consumer<String> onFailure;
  private final TreeMap<Long, Seen> seen = new TreeMap<>();
  private MediaPlaylist last;

  PlaylistFollower(
      URI uri,
      HlsHttp http,
      PlaylistLinter linter,
      ObjectDownloads downloads,
      Consumer<String> onFailure) {
    this.uri = uri;
    this.http = http;
    this.linter = linter;
    this.downloads = downloads;
    this.onFailure = onFailure;
  }

  String name() {
    return ResourceName.of(uri.toString()).rendition();
  }

  /** One reload; what goes wrong is noted and left to the next one. */
  synchronized void reload() {
    try {
      ObservedResponse response = http.get(uri);
      linter.response(response);
      if (response.status() == 200) {
        accept(new String(response.body(), StandardCharsets.UTF_8), response.at());
      } else {
        onFailure.accept(uri + " answers " + response.status());
      }
    } catch (IOException e) {
      onFailure.accept(uri + " " + e);
    }
  }

  synchronized Optional<MediaPlaylist> last() {
    return Optional.ofNullable(last);
  }

  synchronized int segments() {
    return seen.size();
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
    linter.observe(uri.toString(), at, text);
    try {
      if (PlaylistParser.parse(text) instanceof MediaPlaylist playlist) {
        last = playlist;
        playlist.segments().forEach(s -> seen.computeIfAbsent(s.msn(), msn -> fetch(s, at)));
      }
    } catch (PlaylistSyntaxException e) {
      onFailure.accept(uri + " " + e.getMessage());
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
