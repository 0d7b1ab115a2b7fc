package io.millrace.http;

import io.millrace.http.Route.Call;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * Playlists and media. The hot path: what is sent was rendered once for everybody; a request only
 * wraps it. Objects are looked up by name in the stream's own map, never by joining paths.
 */
final class HlsRoutes {

  private static final int PLAYBACK_TIMEOUT_TARGETS = 3;

  private final HlsPort port;
  private final ViewerTracker viewers;
  private final HlsResponses responses;
  private final boolean trustForwardedFor;

  HlsRoutes(HlsPort port, ViewerTracker viewers, HttpSettings settings) {
    this.port = port;
    this.viewers = viewers;
    this.responses = new HlsResponses(settings.objectMaxAge());
    this.trustForwardedFor = settings.trustForwardedFor();
  }

  List<Route> routes() {
    return List.of(
        Route.get(RouteKind.HLS_PLAYLIST, "/hls/{stream}/{rendition}/index.m3u8", this::media),
        Route.get(RouteKind.HLS_OBJECT, "/hls/{stream}/{rendition}/{object}", this::object),
        Route.get(RouteKind.HLS_MULTIVARIANT, "/hls/{stream}/index.m3u8", this::multivariant));
  }

  private CompletionStage<HttpResponse> multivariant(Call call) {
    return withStream(
        call,
        stream ->
            stream
                .multivariant()
                .thenApply(
                    playlist ->
                        playlist
                            .map(
                                found ->
                                    responses.multivariant(call.request(), counted(call, found)))
                            .orElseGet(() -> HlsResponses.error(ErrorCode.STREAM_STARTING))));
  }

  private CompletionStage<HttpResponse> media(Call call) {
    return withStream(
        call,
        stream ->
            done(
                stream
                    .mediaPlaylist(call.variable(1))
                    .map(found -> responses.media(call.request(), counted(call, found)))
                    .orElseGet(() -> HlsResponses.error(ErrorCode.RENDITION_NOT_FOUND))));
  }

  private CompletionStage<HttpResponse> object(Call call) {
    String rendition = call.variable(1);
    String name = call.variable(2);
    return withStream(
        call,
        stream ->
            stream
                .object(rendition, name)
                .thenApply(
                    object ->
                        object
                            .map(found -> responses.object(call.request(), name, found))
                            .orElseGet(() -> HlsResponses.error(ErrorCode.OBJECT_NOT_FOUND))));
  }

  private CompletionStage<HttpResponse> withStream(
      Call call, Function<HlsStream, CompletionStage<HttpResponse>> then) {
    return port.open(call.variable(0)).thenCompose(stream -> serve(stream, then));
  }

  private static CompletionStage<HttpResponse> serve(
      Optional<HlsStream> stream, Function<HlsStream, CompletionStage<HttpResponse>> then) {
    if (stream.isEmpty()) {
      return done(HlsResponses.error(ErrorCode.STREAM_NOT_FOUND));
    }
    if (stream.get().paused()) {
      return done(HlsResponses.error(ErrorCode.STREAM_PAUSED));
    }
    return then.apply(stream.get());
  }

  private Playlist counted(Call call, Playlist playlist) {
    if (!playlist.ended()) {
      viewers.seen(
          call.variable(0),
          ViewerSession.of(call.request(), trustForwardedFor),
          Duration.ofSeconds((long) PLAYBACK_TIMEOUT_TARGETS * playlist.targetDurationSeconds()));
    }
    return playlist;
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
