package io.millrace.testkit.lowlatency;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Fetches each object once, also while it is only hinted at. Thread-safe. */
final class Downloads {
  /** Longer than any request is parked. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** A complete answer; no bytes unless the status is 200. */
  record Answer(int status, byte[] bytes, Instant at) {}

  private final HttpClient client;
  private final Map<URI, CompletableFuture<Answer>> answers = new ConcurrentHashMap<>();

  Downloads(HttpClient client) {
    this.client = client;
  }

  boolean isKnown(URI uri) {
    return answers.containsKey(uri);
  }

  CompletableFuture<Answer> fetch(URI uri) {
    return answers.computeIfAbsent(uri, this::ask);
  }

  /** What failed is asked for once more. */
  CompletableFuture<Answer> again(URI uri) {
    return answers.compute(uri, (u, before) -> ask(u));
  }

  private CompletableFuture<Answer> ask(URI uri) {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
    return client.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(Downloads::answer);
  }

  private static Answer answer(HttpResponse<byte[]> response) {
    byte[] bytes = response.statusCode() == 200 ? response.body() : new byte[0];
    return new Answer(response.statusCode(), bytes, Instant.now());
  }

  /** A playlist, decoded as it is. */
  HttpResponse<String> playlist(URI uri) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: " + uri, e);
    }
  }
}
