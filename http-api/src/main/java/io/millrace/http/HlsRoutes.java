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

  /** Of all its addresses. */
  static final String PREFIX = "/hls/";

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
    return withStream(call, stream -> multivariant(call, stream));
  }

  /** The time until a stream has its first segments is not the server's. */
  private CompletionStage<HttpResponse> multivariant(Call call, HlsStream stream) {
    long askedNanos = System.nanoTime();
    CompletionStage<Optional<Playlist>> playlist = stream.multivariant();
    boolean waits = !playlist.toCompletableFuture().isDone();
    return playlist.thenApply(
        found -> {
          HttpResponse response = multivariant(call, found);
          return waits ? HttpMetrics.afterWait(response, System.nanoTime() - askedNanos) : response;
        });
  }

  private HttpResponse multivariant(Call call, Optional<Playlist> playlist) {
    return playlist
        .map(found -> responses.multivariant(call.request(), counted(call, found)))
        .orElseGet(() -> HlsResponses.error(ErrorCode.STREAM_STARTING));
  }

  private CompletionStage<HttpResponse> media(Call call) {
    return withStream(
        call,
        stream ->
            stream
                .mediaPlaylist(call.variable(1))
                .map(newest -> media(call, stream, counted(call, newest)))
                .orElseGet(() -> done(HlsResponses.error(ErrorCode.RENDITION_NOT_FOUND))));
  }

  /** Without parts nothing is advertised that a directive could ask for. */
  private CompletionStage<HttpResponse> media(Call call, HlsStream stream, Playlist newest) {
    boolean plain = newest.ended() || newest.partTargetMillis() == 0;
    Directives asked = plain ? Directives.NONE : Directives.of(call.request());
    if (asked.problem() != null) {
      return done(HlsResponses.error(ErrorCode.RELOAD_INVALID, asked.problem()));
    }
    if (asked.msn().isEmpty()) {
      return done(responses.media(call.request(), newest, asked.skip()));
    }
    return blocking(call, stream, asked);
  }

  private CompletionStage<HttpResponse> blocking(Call call, HlsStream stream, Directives asked) {
    long askedNanos = System.nanoTime();
    CompletionStage<ReloadAnswer> reload =
        stream.reload(call.variable(1), asked.msn().getAsLong(), asked.part().orElse(-1));
    if (reload.toCompletableFuture().isDone()) {
      return reload.thenApply(answer -> responses.reload(call.request(), answer, asked));
    }
    return reload.thenApply(
        answer -> {
          if (answer.playlist() != null) {
            counted(call, answer.playlist());
          }
          return HttpMetrics.afterWait(
              responses.reload(call.request(), answer, asked), answer.dueNanos() - askedNanos);
        });
  }

  private CompletionStage<HttpResponse> object(Call call) {
    return withStream(
        call,
        stream ->
            stream.awaits(call.variable(1), call.variable(2))
                ? hinted(call, stream)
                : present(call, stream));
  }

  private CompletionStage<HttpResponse> present(Call call, HlsStream stream) {
    String name = call.variable(2);
    return stream
        .object(call.variable(1), name)
        .thenApply(
            object ->
                object
                    .map(found -> responses.object(call.request(), name, found))
                    .orElseGet(() -> HlsResponses.error(ErrorCode.OBJECT_NOT_FOUND)));
  }

  /** The time until the part is whole is not the server's. */
  private CompletionStage<HttpResponse> hinted(Call call, HlsStream stream) {
    long askedNanos = System.nanoTime();
    return present(call, stream)
        .thenApply(response -> HttpMetrics.afterWait(response, System.nanoTime() - askedNanos));
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
          ViewerSession.of(call.request(), trustForwardedFor, viewers.salt()),
          Duration.ofSeconds((long) PLAYBACK_TIMEOUT_TARGETS * playlist.targetDurationSeconds()));
    }
    return playlist;
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
