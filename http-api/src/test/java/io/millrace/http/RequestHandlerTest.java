package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;

class RequestHandlerTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final MeterRegistry registry = new SimpleMeterRegistry();

  private RequestHandler handler(Route.Handler handler) {
    Route route = Route.get(RouteKind.HLS_OBJECT, "/x", handler);
    return new RequestHandler(null, new Router(List.of(route)), new HttpMetrics(registry));
  }

  private static int status(CompletionStage<HttpResponse> answer) {
    return TestServer.await(answer.toCompletableFuture()).status().intValue();
  }

  @Test
  void everyFailureOfAHandlerIsAnAnswer() {
    Route.Handler recursion =
        new Route.Handler() {
          @Override
          public CompletionStage<HttpResponse> handle(Route.Call call) {
            return deeper(call).thenApply(response -> response);
          }

          private CompletionStage<HttpResponse> deeper(Route.Call call) {
            return handle(call).thenApply(response -> response);
          }
        };
    List<Route.Handler> broken =
        List.of(
            call -> null,
            call -> CompletableFuture.failedFuture(new AssertionError("assertion")),
            call -> {
              throw new NoClassDefFoundError("a class");
            },
            call -> {
              throw new IllegalStateException("state");
            },
            recursion);
    for (Route.Handler handler : broken) {
      assertThat(status(handler(handler).handleWithin(LONG, HttpRequest.GET("/x")))).isEqualTo(500);
    }
    assertThat(registry.get("millrace.http.requests.in.flight").gauge().value()).isZero();
  }

  @Test
  void answers503WhenTheDeadlineIsOver() {
    RequestHandler handler = handler(call -> new CompletableFuture<>());

    HttpResponse late =
        TestServer.await(
            handler
                .handleWithin(Duration.ofMillis(20), HttpRequest.GET("/x"))
                .toCompletableFuture());

    assertThat(late.status().intValue()).isEqualTo(503);
    assertThat(late.getHeader("Retry-After")).isPresent();
    assertThat(late.getHeader("Access-Control-Allow-Origin")).as("pages may read it").isPresent();
    assertThat(registry.get("millrace.http.requests").tag("status", "503").timer().count())
        .isEqualTo(1);
    assertThat(registry.get("millrace.http.requests.in.flight").gauge().value()).isZero();
    assertThat(status(handler.handleWithin(LONG, HttpRequest.GET("/y")))).isEqualTo(404);
  }
}
