package io.millrace.http;

import io.millrace.http.Route.Call;
import io.millrace.http.net.HttpListener;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.util.ByteString;

/**
 * The private HTTP/1.1 listener of a node in a cluster: what other nodes need of the streams that
 * this one owns. Every request must carry the cluster's {@link InternalToken}.
 */
public final class InternalServer {
  static final String OBJECTS = "/internal/v1/objects/";
  static final String STREAMS = "/internal/v1/streams";
  static final String THUMBNAILS = "/internal/v1/thumbnails/";

  private static final int MAX_CONNECTIONS = 4096;

  private final ActorSystem<?> system;
  private final InternalToken token;
  private final InternalPort port;
  private final Router router;

  private InternalServer(ActorSystem<?> system, InternalToken token, InternalPort port) {
    this.system = system;
    this.token = token;
    this.port = port;
    this.router =
        new Router(
            List.of(
                Route.get(
                    RouteKind.INTERNAL, OBJECTS + "{stream}/{rendition}/{object}", this::object),
                Route.get(RouteKind.INTERNAL, STREAMS, this::streams),
                Route.get(RouteKind.INTERNAL, THUMBNAILS + "{stream}", this::thumbnail)));
  }

  /**
   * Binds and serves.
   *
   * @param bindPort 0 picks a free one
   * @return the listener, or failed when the port cannot be bound
   */
  public static CompletionStage<HttpListener> start(
      ActorSystem<?> system, String host, int bindPort, InternalToken token, InternalPort port) {
    InternalServer server = new InternalServer(system, token, port);
    ServerSettings settings =
        ServerSettings.create(system.classicSystem()).withMaxConnections(MAX_CONNECTIONS);
    try {
      return CompletableFuture.completedFuture(
          HttpListener.start(system, host, bindPort, settings, OBJECTS, server::handle));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(
          HttpServer.cannotBind("internal http", host, bindPort, e));
    }
  }

  private CompletionStage<HttpResponse> handle(HttpRequest request) {
    if (!request.entity().isStrict()) {
      request.discardEntityBytes(system);
    }
    if (!token.isIn(request)) {
      return done(StatusCodes.FORBIDDEN);
    }
    return answer(request)
        .exceptionally(
            failure -> HttpResponse.create().withStatus(StatusCodes.SERVICE_UNAVAILABLE));
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request) {
    try {
      return router.find(request).answer().start();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<HttpResponse> object(Call call) {
    return port.object(call.variable(0), call.variable(1), call.variable(2))
        .thenApply(
            found -> found.map(object -> bytes(object.content())).orElseGet(InternalServer::none));
  }

  private CompletionStage<HttpResponse> streams(Call call) {
    return CompletableFuture.completedFuture(Json.ok(StreamList.of(port.streams())));
  }

  private CompletionStage<HttpResponse> thumbnail(Call call) {
    return CompletableFuture.completedFuture(
        port.thumbnail(call.variable(0))
            .map(ByteString::fromArrayUnsafe)
            .map(InternalServer::bytes)
            .orElseGet(InternalServer::none));
  }

  private static HttpResponse bytes(ByteString content) {
    return HttpResponse.create().withEntity(content);
  }

  private static HttpResponse none() {
    return HttpResponse.create().withStatus(StatusCodes.NOT_FOUND);
  }

  private static CompletionStage<HttpResponse> done(
      org.apache.pekko.http.javadsl.model.StatusCode status) {
    return CompletableFuture.completedFuture(HttpResponse.create().withStatus(status));
  }
}
