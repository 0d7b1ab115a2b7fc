package io.millrace.node.ingest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts sockets, holds them to the caps and deals them out to the loops. Confined to the first
 * loop's thread.
 */
final class RtmpAcceptor implements IngestLoop.Ready {
  private static final Logger LOG = LoggerFactory.getLogger(RtmpAcceptor.class);
  private static final int BATCH = 64;
  private static final long LOG_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final IngestContext context;
  private final ServerSocketChannel server;
  private final List<IngestLoop> loops;
  private int next;
  private long loggedNanos = System.nanoTime() - LOG_INTERVAL_NANOS;
  private int unlogged;

  RtmpAcceptor(IngestContext context, ServerSocketChannel server, List<IngestLoop> loops) {
    this.context = context;
    this.server = server;
    this.loops = loops;
  }

  /** Begins to accept; on the first loop's thread. */
  void open() {
    try {
      loops.get(0).register(server, SelectionKey.OP_ACCEPT, this);
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    for (int i = 0; i < BATCH; i++) {
      SocketChannel channel;
      try {
        channel = server.accept();
      } catch (IOException e) {
        pause(key, e);
        return;
      }
      if (channel == null) {
        return;
      }
      take(channel);
    }
  }

  /** Out of file descriptors, most likely; the socket stays ready, so asking again would spin. */
  private void pause(SelectionKey key, IOException cause) {
    LOG.warn("accept failed, trying again in 1 s: {}", cause.getMessage());
    key.interestOps(0);
    loops
        .get(0)
        .schedule(
            System.nanoTime() + PAUSE_NANOS,
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
    CloseCause refused = context.caps().enter(peer.getAddress());
    if (refused != null) {
      channel.close();
      context.metrics().closed(refused);
      logRefused(refused, peer);
      return;
    }
    IngestLoop loop = loops.get(next++ % loops.size());
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

  @Override
  public void failed(Exception cause) {
    LOG.error("RTMP acceptor failed", cause);
    stopped();
  }

  @Override
  public void stopped() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("close of the RTMP port failed", e);
    }
  }
}
