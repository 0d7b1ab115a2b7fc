package io.millrace.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/**
 * The listener for TLS. ALPN picks HTTP/2 or HTTP/1.1; the limits are those of the plain listener,
 * each listener for itself.
 */
final class TlsListener {
  private final ServerBinding binding;
  private final TlsCertificates certificates;

  private TlsListener(ServerBinding binding, TlsCertificates certificates) {
    this.binding = binding;
    this.certificates = certificates;
  }

  /** Binds and serves; the certificates are its own from now on. */
  static CompletionStage<TlsListener> bind(
      ActorSystem<?> system,
      HttpSettings settings,
      ServerSettings limits,
      TlsCertificates certificates,
      RequestHandler handler) {
    int port = settings.tls().orElseThrow().port();
    CompletionStage<ServerBinding> binding =
        Http.get(system)
            .newServerAt(settings.host(), port)
            .withSettings(limits.withEnableHttp2(true))
            .enableHttps(ConnectionContext.httpsServer(certificates::engine))
            .bind(HttpServer.answers(settings, handler)::apply);
    return binding
        .thenApply(bound -> new TlsListener(bound, certificates))
        .exceptionally(
            failure -> {
              throw new CompletionException(
                  HttpServer.cannotBind("https", settings.host(), port, failure));
            });
  }

  InetSocketAddress address() {
    return binding.localAddress();
  }

  CompletionStage<Done> stop(Duration deadline) {
    try {
      certificates.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return binding.terminate(deadline).thenApply(terminated -> Done.getInstance());
  }
}
