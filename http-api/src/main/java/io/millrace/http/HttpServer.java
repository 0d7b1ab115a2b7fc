package io.millrace.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.ProductVersion;
import org.apache.pekko.http.javadsl.model.headers.Server;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.japi.function.Function;
import scala.concurrent.duration.FiniteDuration;

/** The public HTTP listener of a node. */
public final class HttpServer {

  private HttpServer() {}

  /**
   * Binds and serves.
   *
   * @param registry scraped by {@code /metrics}; the server adds its own meters
   * @return the binding, or failed when the port cannot be bound
   */
  public static CompletionStage<ServerBinding> start(
      ActorSystem<?> system,
      HttpSettings settings,
      HttpPorts ports,
      PrometheusMeterRegistry registry) {
    registry.gauge("millrace.viewers", ports.viewers(), ViewerTracker::total);
    Router router = new Router(routes(settings, ports, registry));
    RequestHandler handler = new RequestHandler(system, router, new HttpMetrics(registry));
    Function<HttpRequest, CompletionStage<HttpResponse>> serve =
        request -> handler.handleWithin(settings.requestTimeout(), request);
    return Http.get(system)
        .newServerAt(settings.host(), settings.port())
        .withSettings(serverSettings(system, settings))
        .bind(serve);
  }

  /** Stops accepting, lets answers in flight end within the deadline, closes what is left. */
  public static CompletionStage<Done> stop(ServerBinding binding, Duration deadline) {
    return binding.terminate(deadline).thenApply(terminated -> Done.getInstance());
  }

  static List<Route> routes(
      HttpSettings settings, HttpPorts ports, PrometheusMeterRegistry registry) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new HlsRoutes(ports.hls(), ports.viewers(), settings).routes());
    routes.addAll(new ApiRoutes(ports.streams(), ports.node(), ports.cluster()).routes());
    routes.addAll(new HealthRoutes(ports.health(), registry).routes());
    routes.addAll(new PageRoutes().routes());
    return List.copyOf(routes);
  }

  private static ServerSettings serverSettings(ActorSystem<?> system, HttpSettings settings) {
    ServerSettings base = ServerSettings.create(system.classicSystem());
    return base.withServerHeader(Optional.of(Server.create(ProductVersion.create("millrace", ""))))
        .withRemoteAddressAttribute(true)
        .withMaxConnections(settings.maxConnections())
        .withBacklog(settings.backlog())
        .withTimeouts(
            base.getTimeouts()
                .withRequestTimeout(scala.concurrent.duration.Duration.Zero())
                .withIdleTimeout(finite(settings.idleTimeout())))
        .withParserSettings(
            base.getParserSettings()
                .withMaxUriLength(settings.maxUriLength())
                .withModeledHeaderParsing(false)
                .withIllegalHeaderWarnings(false));
  }

  private static FiniteDuration finite(Duration duration) {
    return FiniteDuration.fromNanos(duration.toNanos());
  }
}
