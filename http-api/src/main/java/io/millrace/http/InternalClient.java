package io.millrace.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.http.javadsl.settings.ConnectionPoolSettings;
import scala.concurrent.duration.FiniteDuration;

/**
 * Reads from the {@link InternalServer} of other nodes, over a pool of kept connections per node. A
 * stage fails when the node does not answer, or answers neither 200 nor 404.
 */
public final class InternalClient {

  /** A node that accepts but says nothing is cut off, so that its connections come back. */
  private static final Duration IDLE = Duration.ofSeconds(5);

  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration BODY = Duration.ofSeconds(5);
  private static final int MAX_CONNECTIONS = 64;
  private static final int MAX_OPEN_REQUESTS = 1024;
  private static final long MAX_OBJECT_BYTES = 128L << 20;
  private static final long MAX_LIST_BYTES = 64L << 20;

  private final ActorSystem<?> system;
  private final InternalToken token;
  private final ConnectionPoolSettings pool;

  public InternalClient(ActorSystem<?> system, InternalToken token) {
    this.system = system;
    this.token = token;
    this.pool = poolSettings(system);
  }

  private static ConnectionPoolSettings poolSettings(ActorSystem<?> system) {
    ClientConnectionSettings connections =
        ClientConnectionSettings.create(system.classicSystem())
            .withConnectingTimeout(FiniteDuration.fromNanos(CONNECT.toNanos()))
            .withIdleTimeout(FiniteDuration.fromNanos(IDLE.toNanos()));
    return ConnectionPoolSettings.create(system.classicSystem())
        .withMaxConnections(MAX_CONNECTIONS)
        .withMaxOpenRequests(MAX_OPEN_REQUESTS)
        .withMaxRetries(0)
        .withConnectionSettings(connections);
  }

  /** An object of a stream that the node owns; empty when it does not have it. */
  public CompletionStage<Optional<byte[]>> object(
      String host, int port, String streamId, String rendition, String name) {
    String path = InternalServer.OBJECTS + streamId + '/' + rendition + '/' + name;
    return get(host, port, path, MAX_OBJECT_BYTES);
  }

  /** The streams that the node owns. */
  public CompletionStage<List<StreamInfo>> streams(String host, int port) {
    return get(host, port, InternalServer.STREAMS, MAX_LIST_BYTES)
        .thenApply(body -> Json.read(body.orElseThrow(), StreamList.class).streams());
  }

  /** The newest thumbnail of a stream that the node owns; empty when it has none. */
  public CompletionStage<Optional<byte[]>> thumbnail(String host, int port, String streamId) {
    return get(host, port, InternalServer.THUMBNAILS + streamId, MAX_OBJECT_BYTES);
  }

  private CompletionStage<Optional<byte[]>> get(String host, int port, String path, long maxBytes) {
    HttpRequest request =
        HttpRequest.GET("http://" + hostInUri(host) + ':' + port + path).addHeader(token.header());
    Http http = Http.get(system);
    return http.singleRequest(
            request, http.defaultClientHttpsContext(), pool, system.classicSystem().log())
        .thenCompose(response -> body(response, maxBytes));
  }

  private static String hostInUri(String host) {
    return host.indexOf(':') >= 0 ? '[' + host + ']' : host;
  }

  private CompletionStage<Optional<byte[]>> body(HttpResponse response, long maxBytes) {
    int status = response.status().intValue();
    if (status == 200) {
      return response
          .entity()
          .toStrict(BODY.toMillis(), maxBytes, system)
          .thenApply(entity -> Optional.of(entity.getData().toArrayUnsafe()));
    }
    response.discardEntityBytes(system);
    return status == 404
        ? CompletableFuture.completedFuture(Optional.empty())
        : CompletableFuture.failedFuture(
            new CompletionException(new IOException("status: " + status + " (expected: 200)")));
  }
}
