package io.millrace.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** What operators' tools ask: is the process alive, may it get traffic, what does it measure. */
final class HealthRoutes {

  private static final ContentType PROMETHEUS_TEXT =
      ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

  private final HealthPort health;
  private final PrometheusMeterRegistry registry;

  HealthRoutes(HealthPort health, PrometheusMeterRegistry registry) {
    this.health = health;
    this.registry = registry;
  }

  List<Route> routes() {
    return List.of(
        Route.get(RouteKind.HEALTH, "/health/live", call -> done(live())),
        Route.get(RouteKind.HEALTH, "/health/ready", call -> done(ready())),
        Route.get(RouteKind.METRICS, "/metrics", call -> done(metrics())));
  }

  private HttpResponse live() {
    return Json.ok(new Health("up", health.nodeName(), null));
  }

  private HttpResponse ready() {
    List<String> reasons = health.notReady();
    if (reasons.isEmpty()) {
      return Json.ok(new Health("ready", health.nodeName(), null));
    }
    return Json.response(
            StatusCodes.SERVICE_UNAVAILABLE,
            new Health("not-ready", health.nodeName(), List.copyOf(reasons)))
        .addHeader(Headers.NO_STORE)
        .addHeader(Headers.RETRY_AFTER);
  }

  private HttpResponse metrics() {
    return HttpResponse.create()
        .addHeader(Headers.NO_STORE)
        .withEntity(PROMETHEUS_TEXT, registry.scrape().getBytes(StandardCharsets.UTF_8));
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  private record Health(String status, String node, List<String> reasons) {}
}
