package io.millrace.http;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * What the server calls for each request: finds the route, measures, and turns every failure into
 * an answer, because a failed future would cost the client its whole connection, which over HTTP/2
 * is that of all its other requests too.
 */
final class RequestHandler {

  private static final HttpResponse UNAVAILABLE = ErrorMapper.respond(ErrorCode.UNAVAILABLE);
  private static final HttpResponse UNAVAILABLE_MEDIA = UNAVAILABLE.addHeaders(Headers.CORS);

  private final ActorSystem<?> system;
  private final Router router;
  private final HttpMetrics metrics;

  RequestHandler(ActorSystem<?> system, Router router, HttpMetrics metrics) {
    this.system = system;
    this.router = router;
    this.metrics = metrics;
  }

  /**
   * @param deadline for the answer; then it is 503. The server library's own deadline would cost a
   *     timer and a header field per request over HTTP/1.1, and does not exist over HTTP/2.
   */
  CompletionStage<HttpResponse> handleWithin(Duration deadline, HttpRequest request) {
    long started = metrics.started();
    if (!request.entity().isStrict()) {
      request.discardEntityBytes(system);
    }
    Router.Match match = find(request);
    return within(deadline, match.kind(), start(match))
        .exceptionally(failure -> failed(match.kind(), failure))
        .thenApply(
            response -> {
              metrics.finished(match.kind(), request, response, started);
              return response;
            });
  }

  private static CompletionStage<HttpResponse> within(
      Duration deadline, RouteKind kind, CompletionStage<HttpResponse> handled) {
    CompletableFuture<HttpResponse> answer = handled.toCompletableFuture();
    return answer.isDone()
        ? answer
        : answer
            .copy()
            .completeOnTimeout(unavailable(kind), deadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  private Router.Match find(HttpRequest request) {
    try {
      return router.find(request);
    } catch (RuntimeException e) {
      return new Router.Match(RouteKind.UNKNOWN, () -> CompletableFuture.failedFuture(e));
    }
  }

  /** Also when the handler is broken rather than refused: a missing class, an endless recursion. */
  private static CompletionStage<HttpResponse> start(Router.Match match) {
    try {
      return Objects.requireNonNull(match.answer().start(), "no answer");
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static HttpResponse failed(RouteKind kind, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof UnavailableException ? unavailable(kind) : failure(kind, cause);
  }

  private static HttpResponse failure(RouteKind kind, Throwable cause) {
    HttpResponse response = ErrorMapper.failure(kind, cause);
    return kind.crossOrigin() ? response.addHeaders(Headers.CORS) : response;
  }

  private static HttpResponse unavailable(RouteKind kind) {
    return kind.crossOrigin() ? UNAVAILABLE_MEDIA : UNAVAILABLE;
  }
}
