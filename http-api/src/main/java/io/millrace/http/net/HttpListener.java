package io.millrace.http.net;

import io.millrace.media.net.SocketAcceptor;
import io.millrace.media.net.SocketLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * A port for HTTP/1.1 without TLS, on sockets of our own. Simple GETs, which is what viewers and
 * caches send, are answered by {@link DirectAnswers} where they are read; the first request of
 * another kind on a connection starts Pekko HTTP's server layer for it. Requests and answers are
 * Pekko HTTP's either way, and so is the handler.
 *
 * <p>That layer is a stream per connection: some 23 KiB, a change of threads for each request, and
 * several times the work of the request itself. Under Pekko's TCP it also accepts one connection at
 * a time, so a busy server accepts nobody for half a minute; here all that wait are accepted at
 * once.
 *
 * <p>Obeys of its settings: connections at most, backlog, idle time; the rest is the server
 * layer's. Thread-safe.
 */
public final class HttpListener {
  private static final int IDLE_CHECKS = 20;
  private static final int CORES_PER_LOOP = 1;

  private final ActorSystem<?> system;
  private final ServerSettings settings;
  private final Flow<HttpRequest, HttpResponse, ?> answers;
  private final DirectAnswers.Service direct;
  private final InetSocketAddress address;
  private final SocketLoops loops;
  private final SocketAcceptor acceptor;
  private final Cancellable idleChecks;
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger open = new AtomicInteger();
  private final CompletableFuture<Done> closed = new CompletableFuture<>();
  private volatile boolean stopping;

  private HttpListener(
      ActorSystem<?> system,
      ServerSettings settings,
      String quickPrefix,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler,
      ServerSocketChannel server)
      throws IOException {
    this.system = system;
    this.settings = settings;
    this.answers =
        Flow.of(HttpRequest.class).mapAsync(settings.getPipeliningLimit(), handler::apply);
    this.direct =
        new DirectAnswers.Service(
            handler,
            quickPrefix,
            system.executionContext(),
            settings.getParserSettings().getMaxUriLength(),
            new AnswerHead(settings.getServerHeader()));
    this.address = (InetSocketAddress) server.getLocalAddress();
    this.loops = new SocketLoops("http-" + address.getPort(), CORES_PER_LOOP);
    this.acceptor = new SocketAcceptor("HTTP port", server, loops, this::accepted);
    Duration idle = Duration.ofNanos(settings.getTimeouts().idleTimeout().toNanos());
    Duration between = idle.dividedBy(IDLE_CHECKS);
    this.idleChecks =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                between, between, () -> closeIdle(idle), system.executionContext());
  }

  /**
   * Binds and serves.
   *
   * @param port 0 picks a free one
   * @param quickPrefix for paths that begin with it the handler takes microseconds: it is called by
   *     the thread that reads, for all others on a dispatcher
   * @param handler never fails; answers with strict entities
   * @throws IOException saying why it cannot be bound
   */
  public static HttpListener start(
      ActorSystem<?> system,
      String host,
      int port,
      ServerSettings settings,
      String quickPrefix,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler)
      throws IOException {
    ServerSocketChannel server = SocketAcceptor.bind(host, port, settings.getBacklog());
    HttpListener listener = new HttpListener(system, settings, quickPrefix, handler, server);
    listener.loops.start();
    listener.acceptor.open();
    return listener;
  }

  public InetSocketAddress address() {
    return address;
  }

  /** Open connections, idle or not. */
  public int connections() {
    return open.get();
  }

  /**
   * Closes the port and idle connections, lets requests that have come be answered within the
   * deadline, closes what is left.
   */
  public CompletionStage<Done> stop(Duration deadline) {
    idleChecks.cancel();
    acceptor.close(
        () -> {
          stopping = true;
          connections.forEach(HttpConnection::drain);
          completeWhenAllAreClosed();
        });
    Cancellable late =
        system
            .scheduler()
            .scheduleOnce(
                deadline,
                () -> connections.forEach(HttpConnection::abort),
                system.executionContext());
    return closed.whenComplete(
        (done, failure) -> {
          late.cancel();
          loops.stop();
        });
  }

  // --- on a loop --------------------------------------------------------------------------------

  private void accepted(SocketChannel channel, InetSocketAddress peer) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    HttpConnection connection =
        new HttpConnection(channel, peer, loops.next(), this::closed, this::handedOver);
    connections.add(connection);
    if (open.incrementAndGet() == settings.getMaxConnections()) {
      acceptor.full();
    }
    connection.start(new DirectAnswers(connection, direct));
  }

  private void handedOver(HttpConnection connection) {
    system.executionContext().execute(() -> serve(connection));
  }

  private void closed(HttpConnection connection) {
    connections.remove(connection);
    if (open.getAndDecrement() == settings.getMaxConnections()) {
      acceptor.notFull();
    }
    completeWhenAllAreClosed();
  }

  private void completeWhenAllAreClosed() {
    if (stopping && open.get() == 0) {
      closed.complete(Done.getInstance());
    }
  }

  // --- on a dispatcher --------------------------------------------------------------------------

  private void serve(HttpConnection connection) {
    try {
      Http.get(system)
          .serverLayer(settings, Optional.of(connection.peer()))
          .join(Flow.fromGraph(new ConnectionStage(connection)))
          .join(answers)
          .run(system);
    } catch (RuntimeException e) {
      connection.abort();
      throw e;
    }
  }

  private void closeIdle(Duration idle) {
    long now = System.nanoTime();
    for (HttpConnection connection : connections) {
      if (now - connection.activeNanos() > idle.toNanos()) {
        connection.abort();
      }
    }
  }
}
