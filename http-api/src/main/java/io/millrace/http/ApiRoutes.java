package io.millrace.http;

import io.millrace.http.Route.Call;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.util.ByteString;

/** The control API under {@code /api/v1}; described by {@code openapi.yaml}. */
final class ApiRoutes {

  private static final String STREAM = "/api/v1/streams/{stream}";
  private static final ContentType JPEG = ContentTypes.create(MediaTypes.IMAGE_JPEG);
  private static final String OPENAPI = "/io/millrace/http/openapi.yaml";

  private final StreamsPort streams;
  private final NodePort node;
  private final ClusterPort cluster;
  private final StaticAsset openApi;

  ApiRoutes(StreamsPort streams, NodePort node, ClusterPort cluster) {
    this.streams = streams;
    this.node = node;
    this.cluster = cluster;
    this.openApi = StaticAsset.load(OPENAPI, "application/yaml");
  }

  List<Route> routes() {
    return List.of(
        Route.get(RouteKind.API, "/api/v1/streams", this::list),
        Route.get(RouteKind.API, STREAM, this::stream),
        Route.delete(RouteKind.API, STREAM, this::kick),
        Route.get(RouteKind.API, STREAM + "/thumbnail.jpg", this::thumbnail),
        Route.get(RouteKind.API, "/api/v1/node", call -> done(Json.ok(node.info()))),
        Route.post(RouteKind.API, "/api/v1/node/drain", this::drain),
        Route.get(RouteKind.API, "/api/v1/cluster", call -> done(Json.ok(cluster.info()))),
        Route.get(
            RouteKind.API, "/api/v1/openapi.yaml", call -> done(openApi.respond(call.request()))));
  }

  private CompletionStage<HttpResponse> list(Call call) {
    return streams.list().thenApply(Json::ok);
  }

  private CompletionStage<HttpResponse> stream(Call call) {
    return streams
        .get(call.variable(0))
        .thenApply(found -> found.map(Json::ok).orElseGet(ApiRoutes::noStream));
  }

  private CompletionStage<HttpResponse> kick(Call call) {
    return streams
        .kick(call.variable(0))
        .thenApply(
            kicked ->
                kicked ? HttpResponse.create().withStatus(StatusCodes.NO_CONTENT) : noStream());
  }

  private CompletionStage<HttpResponse> thumbnail(Call call) {
    return streams
        .thumbnail(call.variable(0))
        .thenApply(
            jpeg ->
                jpeg.map(ApiRoutes::picture)
                    .orElseGet(() -> ErrorMapper.respond(ErrorCode.THUMBNAIL_NOT_FOUND)));
  }

  private static HttpResponse picture(byte[] jpeg) {
    return HttpResponse.create()
        .addHeader(Headers.cacheFor(1))
        .withEntity(HttpEntities.create(JPEG, ByteString.fromArrayUnsafe(jpeg)));
  }

  private CompletionStage<HttpResponse> drain(Call call) {
    cluster.drain();
    return done(HttpResponse.create().withStatus(StatusCodes.ACCEPTED));
  }

  private static HttpResponse noStream() {
    return ErrorMapper.respond(ErrorCode.STREAM_NOT_FOUND);
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
