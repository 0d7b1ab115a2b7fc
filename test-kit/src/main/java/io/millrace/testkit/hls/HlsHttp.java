package io.millrace.testkit.hls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.GZIPInputStream;

/** GETs as a player does them: gzip for playlists, no redirects followed. */
final class HlsHttp {

  /** A multivariant request is parked for up to 10 s. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  /**
   * @throws IOException if there is no complete answer
   */
  ObservedResponse get(URI uri) throws IOException {
    boolean playlist = uri.getPath().endsWith(".m3u8");
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    if (playlist) {
      request.header("Accept-Encoding", "gzip");
    }
    HttpResponse<byte[]> response = send(request.build());
    String encoding = response.headers().firstValue("Content-Encoding").orElse("");
    String type = response.headers().firstValue("Content-Type").orElse("");
    byte[] body = encoding.equals("gzip") ? gunzip(response.body()) : response.body();
    return new ObservedResponse(
        uri.toString(),
        Instant.now(),
        response.statusCode(),
        type.replaceFirst("\\s*;.*", "").toLowerCase(java.util.Locale.ROOT),
        encoding,
        playlist,
        response.statusCode() == 200 ? body : new byte[0]);
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while waiting for " + request.uri());
    }
  }

  private static byte[] gunzip(byte[] body) throws IOException {
    if (body.length == 0) {
      return body;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readAllBytes();
    }
  }
}
