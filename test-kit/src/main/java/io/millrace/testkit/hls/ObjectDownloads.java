package io.millrace.testkit.hls;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Downloads each object of a stream once; asks again while the server does not answer. */
final class ObjectDownloads {

  private static final Duration RETRY_DELAY = Duration.ofMillis(250);
  private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(20);

  private final HlsHttp http;
  private final ScheduledExecutorService executor;
  private final Path directory;
  private final Observations observations;
  private final Map<URI, CompletableFuture<Optional<Path>>> downloads = new ConcurrentHashMap<>();

  ObjectDownloads(
      HlsHttp http, ScheduledExecutorService executor, Path directory, Observations observations) {
    this.http = http;
    this.executor = executor;
    this.directory = directory;
    this.observations = observations;
  }

  /** Starts the download unless it has been started; empty in the end: failed. */
  CompletableFuture<Optional<Path>> fetch(URI uri) {
    return downloads.computeIfAbsent(
        uri,
        u -> {
          CompletableFuture<Optional<Path>> done = new CompletableFuture<>();
          Instant deadline = Instant.now().plus(GIVE_UP_AFTER);
          executor.execute(() -> attempt(u, deadline, done));
          return done;
        });
  }

  List<CompletableFuture<Optional<Path>>> all() {
    return List.copyOf(downloads.values());
  }

  private void attempt(URI uri, Instant deadline, CompletableFuture<Optional<Path>> done) {
    String outcome;
    boolean away = observations.isAway();
    try {
      ObservedResponse response = http.get(uri);
      observations.response(response, away);
      if (response.status() == 200) {
        done.complete(Optional.of(save(uri, response.body())));
        return;
      }
      outcome = "answers " + response.status();
    } catch (IOException e) {
      outcome = e.toString();
    }
    if (Instant.now().isBefore(deadline) && !executor.isShutdown()) {
      var unused =
          executor.schedule(
              () -> attempt(uri, deadline, done), RETRY_DELAY.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      observations.failure(uri + " " + outcome, away);
      done.complete(Optional.empty());
    }
  }

  private Path save(URI uri, byte[] body) throws IOException {
    ResourceName name = ResourceName.of(uri.toString());
    Path file = directory.resolve(name.rendition()).resolve(name.file());
    Files.createDirectories(file.getParent());
    return Files.write(file, body);
  }
}
