package io.millrace.node.relay;

import io.millrace.node.ingest.IngestLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts the data port's connections, bounded in number, and deals them out to the loops. Confined
 * to the first loop but for what the connections report.
 */
final class RelayAcceptor implements IngestLoop.Ready {
  private static final Logger LOG = LoggerFactory.getLogger(RelayAcceptor.class);
  private static final int BATCH = 64;

  /** Connections that have not shown the secret yet; their buffers are small. */
  private static final int MAX_STRANGERS = 256;

  private static final int MAX_CONNECTIONS = 8192;
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  private final DataPort.Shared shared;
  private final ServerSocketChannel server;
  private final List<IngestLoop> loops;
  private final AtomicInteger strangers = new AtomicInteger();
  private final AtomicInteger members = new AtomicInteger();
  private final Object logLock = new Object();
  private long loggedNanos = System.nanoTime() - SECOND_NANOS;
  private int next;

  RelayAcceptor(DataPort.Shared shared, ServerSocketChannel server, List<IngestLoop> loops) {
    this.shared = shared;
    this.server = server;
    this.loops = loops;
  }

  /** Begins to accept; on the first loop. */
  void open() {
    try {
      loops.get(0).register(server, SelectionKey.OP_ACCEPT, this);
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void ready(SelectionKey key) {
    for (int i = 0; i < BATCH; i++) {
      try {
        SocketChannel channel = server.accept();
        if (channel == null) {
          return;
        }
        take(channel);
      } catch (IOException e) {
        pause(key, e);
        return;
      }
    }
  }

  /** Out of file descriptors, most likely; the socket stays ready, so asking again would spin. */
  private void pause(SelectionKey key, IOException cause) {
    LOG.warn("data port: accept failed, trying again in 1 s: {}", cause.getMessage());
    key.interestOps(0);
    loops
        .get(0)
        .schedule(
            System.nanoTime() + SECOND_NANOS,
            () -> {
              if (key.isValid()) {
                key.interestOps(SelectionKey.OP_ACCEPT);
              }
            });
  }

  private void take(SocketChannel channel) throws IOException {
    if (!(channel.getRemoteAddress() instanceof InetSocketAddress peer)) {
      channel.close();
      return;
    }
    if (strangers.get() >= MAX_STRANGERS || members.get() >= MAX_CONNECTIONS) {
      channel.close();
      shared.metrics().refused();
      warn(peer, "too many connections");
      return;
    }
    strangers.incrementAndGet();
    IngestLoop loop = loops.get(next++ % loops.size());
    loop.execute(() -> new AcceptedRelay(shared, loop, channel, peer, this).open());
  }

  /** A connection is let in; on its loop. */
  void authenticated() {
    strangers.decrementAndGet();
    members.incrementAndGet();
  }

  void closed(boolean authenticated) {
    (authenticated ? members : strangers).decrementAndGet();
  }

  /** One line a second at most. */
  void warn(InetSocketAddress peer, String why) {
    synchronized (logLock) {
      long now = System.nanoTime();
      if (now - loggedNanos < SECOND_NANOS) {
        return;
      }
      loggedNanos = now;
    }
    LOG.warn(
        "data port: closed {}:{}: {}", peer.getAddress().getHostAddress(), peer.getPort(), why);
  }

  @Override
  public void failed(Exception cause) {
    LOG.error("data port failed", cause);
    stopped();
  }

  @Override
  public void stopped() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("close of the data port failed", e);
    }
  }
}
