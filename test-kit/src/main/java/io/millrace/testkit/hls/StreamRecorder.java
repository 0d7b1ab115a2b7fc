package io.millrace.testkit.hls;

import io.millrace.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Follows a live stream as a player that plays all renditions at once: reloads the multivariant and
 * all media playlists, gives each version to a {@link PlaylistLinter}, downloads each init and
 * media segment once into a directory.
 */
public final class StreamRecorder implements AutoCloseable {

  private static final Duration MULTIVARIANT_INTERVAL = Duration.ofSeconds(1);

  /** What a busy machine and the way over HTTP add to the reload interval before H6 is judged. */
  private static final Duration SLACK = Duration.ofMillis(500);

  private static final Duration LAST_DOWNLOADS = Duration.ofSeconds(20);

  private final URI multivariantUri;
  private final Duration reloadInterval;
  private final HlsHttp http = new HlsHttp();
  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(6);
  private final Observations observations;
  private final ObjectDownloads downloads;
  private final Map<URI, PlaylistFollower> followers = new LinkedHashMap<>();
  private MultivariantPlaylist multivariant;

  private StreamRecorder(
      URI multivariantUri, Path directory, Duration reloadInterval, Observations observations) {
    this.multivariantUri = multivariantUri;
    this.reloadInterval = reloadInterval;
    this.observations = observations;
    this.downloads = new ObjectDownloads(http, executor, directory, observations);
  }

  /** Reloads twice a second. See {@link #start(URI, Path, Duration)}. */
  public static StreamRecorder start(URI multivariant, Path directory) {
    return start(multivariant, directory, Duration.ofMillis(500));
  }

  /**
   * Starts at once; the stream need not exist yet.
   *
   * @param multivariant URL of the multivariant playlist
   * @param directory where {@code RENDITION/NAME} files are put; created if absent
   */
  public static StreamRecorder start(URI multivariant, Path directory, Duration reloadInterval) {
    return start(
        multivariant, directory, reloadInterval, linter(reloadInterval), (url, at, text) -> {});
  }

  /**
   * One of several that record the same stream from different nodes.
   *
   * @param linter shared by all of them, from {@link #linter(Duration)}
   * @param observer is shown every playlist, on the recorder's threads
   */
  public static StreamRecorder start(
      URI multivariant,
      Path directory,
      Duration reloadInterval,
      PlaylistLinter linter,
      PlaylistObserver observer) {
    StreamRecorder recorder =
        new StreamRecorder(
            multivariant, directory, reloadInterval, new Observations(linter, observer));
    recorder.repeat(MULTIVARIANT_INTERVAL, recorder::reloadMultivariant);
    return recorder;
  }

  /** A linter with the tolerance of a recorder that reloads so often. */
  public static PlaylistLinter linter(Duration reloadInterval) {
    return new PlaylistLinter(reloadInterval.plus(SLACK));
  }

  public PlaylistLinter linter() {
    return observations.linter();
  }

  /** While true, rule H6 is not applied: the publisher is away. */
  public void reconnecting(boolean nowReconnecting) {
    linter().reconnecting(nowReconnecting);
  }

  /**
   * While true, the server is known to be down: requests without a good answer count as nothing.
   */
  public void away(boolean nowAway) {
    observations.away(nowAway);
  }

  /** Segments that every rendition has listed so far; 0 while there is no rendition. */
  public int segments() {
    return followers().stream().mapToInt(PlaylistFollower::segments).min().orElse(0);
  }

  /**
   * Media that every rendition with video has listed so far, in seconds; sound may end a moment
   * before the picture.
   */
  public double seconds() {
    return followers().stream()
        .filter(follower -> !follower.name().equals("audio"))
        .mapToDouble(PlaylistFollower::seconds)
        .min()
        .orElse(0);
  }

  /** Waits until every rendition has listed at least {@code count} segments. */
  public void awaitSegments(int count, Duration deadline) {
    Await.until(
        count + " segments in each rendition of " + multivariantUri,
        deadline,
        () -> segments() >= Math.max(1, count));
  }

  /** Waits until every media playlist has ENDLIST. */
  public void awaitEnded(Duration deadline) {
    Await.until(
        "ENDLIST in each rendition of " + multivariantUri,
        deadline,
        () -> {
          List<PlaylistFollower> all = followers();
          return !all.isEmpty()
              && all.stream().allMatch(f -> f.last().filter(MediaPlaylist::ended).isPresent());
        });
  }

  /**
   * Reloads everything a last time, waits for the downloads, asks again for what is still listed
   * (rule H9), and stops.
   */
  public Recording stop() {
    List<PlaylistFollower> all = followers();
    all.forEach(PlaylistFollower::reload);
    awaitDownloads();
    all.forEach(f -> f.listedObjects().forEach(this::askAgain));
    close();
    List<RecordedRendition> renditions = new ArrayList<>();
    boolean hasVideo = lastMultivariant().map(this::hasVideo).orElse(true);
    all.forEach(f -> renditions.add(f.recorded(!hasVideo || f.name().equals("audio"))));
    renditions.sort((a, b) -> Boolean.compare(a.audio(), b.audio()));
    return new Recording(
        lastMultivariant(), renditions, linter().violations(), observations.failures());
  }

  /** Stops without a recording; the files stay, and no more are written. */
  @Override
  public void close() {
    // Requests that are under way are broken off here, not by the server.
    observations.away(true);
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
        observations.away(false);
        observations.failure("recorder does not stop", false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reloadMultivariant() {
    boolean away = observations.isAway();
    try {
      ObservedResponse response = http.get(multivariantUri);
      observations.response(response, away);
      if (response.status() == 200) {
        acceptMultivariant(response);
      }
    } catch (IOException e) {
      observations.failure(multivariantUri + " " + e, away);
    }
  }

  private void acceptMultivariant(ObservedResponse response) {
    String text = observations.version(response);
    try {
      if (PlaylistParser.parse(text) instanceof MultivariantPlaylist playlist) {
        follow(playlist);
      }
    } catch (PlaylistSyntaxException e) {
      observations.failure(multivariantUri + " " + e.getMessage(), false);
    }
  }

  private synchronized void follow(MultivariantPlaylist playlist) {
    multivariant = playlist;
    playlist.variants().forEach(v -> follow(multivariantUri.resolve(v.uri())));
    playlist.media().forEach(m -> follow(multivariantUri.resolve(m.uri())));
  }

  private void follow(URI uri) {
    followers.computeIfAbsent(
        uri,
        u -> {
          PlaylistFollower follower = new PlaylistFollower(u, http, observations, downloads);
          repeat(reloadInterval, follower::reload);
          return follower;
        });
  }

  private void repeat(Duration interval, Runnable task) {
    Runnable guarded =
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            observations.failure("recorder: " + e, false);
          }
        };
    var unused =
        executor.scheduleWithFixedDelay(guarded, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized List<PlaylistFollower> followers() {
    return List.copyOf(followers.values());
  }

  private synchronized Optional<MultivariantPlaylist> lastMultivariant() {
    return Optional.ofNullable(multivariant);
  }

  private boolean hasVideo(MultivariantPlaylist playlist) {
    return playlist.variants().stream().anyMatch(MultivariantPlaylist.Variant::hasVideo);
  }

  private void awaitDownloads() {
    try {
      CompletableFuture.allOf(downloads.all().toArray(CompletableFuture[]::new))
          .get(LAST_DOWNLOADS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      observations.failure("downloads not complete: " + e, false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void askAgain(URI uri) {
    boolean away = observations.isAway();
    try {
      observations.response(http.get(uri), away);
    } catch (IOException e) {
      observations.failure(uri + " " + e, away);
    }
  }
}
