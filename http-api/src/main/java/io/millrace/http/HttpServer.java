package io.millrace.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.http.net.HttpListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.ProductVersion;
import org.apache.pekko.http.javadsl.model.headers.Server;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import scala.concurrent.duration.FiniteDuration;

/** The public HTTP listeners of a node: HTTP/1.1, and over TLS HTTP/2 and HTTP/1.1. */
public final class HttpServer {

  private final HttpListener plain;
  private final Optional<TlsListener> tls;

  private HttpServer(HttpListener plain, Optional<TlsListener> tls) {
    this.plain = plain;
    this.tls = tls;
  }

  /**
   * Binds and serves.
   *
   * @param registry scraped by {@code /metrics}; the server adds its own meters
   * @return the server, or failed with an {@link IOException} that says what cannot be bound or
   *     which certificate cannot be used
   */
  public static CompletionStage<HttpServer> start(
      ActorSystem<?> system,
      HttpSettings settings,
      HttpPorts ports,
      PrometheusMeterRegistry registry) {
    Gauge.builder("millrace.viewers", ports.viewers(), ViewerTracker::total)
        .description("Playback sessions on this node")
        .register(registry);
    Router router = new Router(routes(settings, ports, registry));
    RequestHandler handler = new RequestHandler(system, router, new HttpMetrics(registry));
    Optional<TlsCertificates> certificates;
    try {
      certificates = certificates(settings);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(new IOException("https: " + e.getMessage(), e));
    }
    ServerSettings limits = serverSettings(system, settings);
    HttpListener plain;
    try {
      plain =
          HttpListener.start(
              system,
              settings.host(),
              settings.port(),
              limits,
              HlsRoutes.PREFIX,
              answers(settings, handler));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(
          cannotBind("http", settings.host(), settings.port(), e));
    }
    Gauge.builder("millrace.http.connections", plain, HttpListener::connections)
        .description("Open connections of viewers over plain HTTP; http.max-connections at most")
        .register(registry);
    return certificates.isEmpty()
        ? CompletableFuture.completedFuture(new HttpServer(plain, Optional.empty()))
        : TlsListener.bind(system, settings, limits, certificates.get(), handler)
            .thenApply(listener -> new HttpServer(plain, Optional.of(listener)));
  }

  static Function<HttpRequest, CompletionStage<HttpResponse>> answers(
      HttpSettings settings, RequestHandler handler) {
    return request -> handler.handleWithin(settings.requestTimeout(), request);
  }

  private static Optional<TlsCertificates> certificates(HttpSettings settings) throws IOException {
    return settings.tls().isEmpty()
        ? Optional.empty()
        : Optional.of(TlsCertificates.open(settings.tls().get()));
  }

  static IOException cannotBind(String protocol, String host, int port, Throwable cause) {
    return new IOException(protocol + " " + host + ":" + port + ": cannot be bound", cause);
  }

  public InetSocketAddress address() {
    return plain.address();
  }

  /** Empty when TLS is off. */
  public Optional<InetSocketAddress> tlsAddress() {
    return tls.map(TlsListener::address);
  }

  /** Stops accepting, lets answers in flight end within the deadline, closes what is left. */
  public CompletionStage<Done> stop(Duration deadline) {
    CompletionStage<Done> http = plain.stop(deadline);
    return tls.map(listener -> http.thenCombine(listener.stop(deadline), (a, b) -> a)).orElse(http);
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
