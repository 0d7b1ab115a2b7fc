package io.millrace.node.ingest;

import io.millrace.media.net.SocketAcceptor;
import io.millrace.media.net.SocketLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds accepted sockets to the caps. Confined to the acceptor's thread. */
final class RtmpDoor implements SocketAcceptor.Door {
  private static final Logger LOG = LoggerFactory.getLogger(RtmpDoor.class);
  private static final long LOG_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final IngestContext context;
  private long loggedNanos = System.nanoTime() - LOG_INTERVAL_NANOS;
  private int unlogged;

  RtmpDoor(IngestContext context) {
    this.context = context;
  }

  @Override
  public void accepted(SocketChannel channel, InetSocketAddress peer) throws IOException {
    CloseCause refused = context.caps().enter(peer.getAddress());
    if (refused != null) {
      channel.close();
      context.metrics().closed(refused);
      logRefused(refused, peer);
      return;
    }
    SocketLoop loop = context.loops().next();
    loop.execute(() -> new RtmpConnection(context, loop, channel, peer).open());
  }

  /** One line a second at most: a flood of connections must not become a flood of the log. */
  private void logRefused(CloseCause cause, InetSocketAddress peer) {
    long now = System.nanoTime();
    if (now - loggedNanos < LOG_INTERVAL_NANOS) {
      unlogged++;
      return;
    }
    LOG.warn(
        "closed: {} (peer {}:{}, {} more since the last such line)",
        cause.label(),
        peer.getAddress().getHostAddress(),
        peer.getPort(),
        unlogged);
    loggedNanos = now;
    unlogged = 0;
  }
}
