package io.millrace.node.relay;

import io.millrace.media.net.SocketAcceptor;
import io.millrace.media.net.SocketLoop;
import io.millrace.media.net.SocketLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the data port's connections in number. Confined to the acceptor's thread but for what the
 * connections report.
 */
final class RelayDoor implements SocketAcceptor.Door {
  private static final Logger LOG = LoggerFactory.getLogger(RelayDoor.class);

  /** Connections that have not shown the secret yet; their buffers are small. */
  private static final int MAX_STRANGERS = 256;

  private static final int MAX_CONNECTIONS = 8192;
  private static final long LOG_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final DataPort.Shared shared;
  private final SocketLoops loops;
  private final AtomicInteger strangers = new AtomicInteger();
  private final AtomicInteger members = new AtomicInteger();
  private final Object logLock = new Object();
  private long loggedNanos = System.nanoTime() - LOG_INTERVAL_NANOS;

  RelayDoor(DataPort.Shared shared, SocketLoops loops) {
    this.shared = shared;
    this.loops = loops;
  }

  @Override
  public void accepted(SocketChannel channel, InetSocketAddress peer) throws IOException {
    if (strangers.get() >= MAX_STRANGERS || members.get() >= MAX_CONNECTIONS) {
      channel.close();
      shared.metrics().refused();
      warn(peer, "too many connections");
      return;
    }
    strangers.incrementAndGet();
    SocketLoop loop = loops.next();
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
      if (now - loggedNanos < LOG_INTERVAL_NANOS) {
        return;
      }
      loggedNanos = now;
    }
    LOG.warn(
        "data port: closed {}:{}: {}", peer.getAddress().getHostAddress(), peer.getPort(), why);
  }
}
