package io.millrace.media.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listening port: accepts sockets and shows them to its {@link Door}. Confined to the first
 * loop, except where a method says otherwise.
 */
public final class SocketAcceptor implements SocketLoop.Ready {

  /** Lets an accepted socket in, on one of the loops, or closes it. */
  public interface Door {
    void accepted(SocketChannel channel, InetSocketAddress peer) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(SocketAcceptor.class);
  private static final int BATCH = 64;
  private static final int BACKLOG = 1024;
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final String name;
  private final ServerSocketChannel server;
  private final SocketLoop loop;
  private final Door door;
  private SelectionKey key;
  private boolean full;

  /**
   * @param name of the port, for the log
   * @param server bound
   * @param loops to be started by the caller
   */
  public SocketAcceptor(String name, ServerSocketChannel server, SocketLoops loops, Door door) {
    this.name = name;
    this.server = server;
    this.loop = loops.first();
    this.door = door;
  }

  /**
   * Binds a port; any thread.
   *
   * @param port 0 picks a free one
   * @throws IOException saying why it cannot be bound
   */
  public static ServerSocketChannel bind(String host, int port) throws IOException {
    return bind(host, port, BACKLOG);
  }

  /**
   * The same with another length of the queue of connections that are not accepted yet.
   *
   * @throws IOException saying why it cannot be bound
   */
  public static ServerSocketChannel bind(String host, int port, int backlog) throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("unknown host");
    }
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return channel.bind(address, backlog);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Begins to accept; any thread. */
  public void open() {
    loop.execute(this::register);
  }

  /**
   * Closes the port; connections go on. Any thread.
   *
   * @param closed called on the loop when nobody can connect any more: a channel leaves its
   *     selector in the selector's next round
   */
  public void close(Runnable closed) {
    loop.execute(
        () -> {
          stopped();
          loop.executeCaughtUp(closed);
        });
  }

  /** Accepts no more: who comes waits in the backlog. To be called by the {@link Door}. */
  public void full() {
    full = true;
    key.interestOps(0);
  }

  /** Accepts again; any thread. */
  public void notFull() {
    loop.execute(
        () -> {
          full = false;
          if (key.isValid()) {
            key.interestOps(SelectionKey.OP_ACCEPT);
          }
        });
  }

  private void register() {
    try {
      key = loop.register(server, SelectionKey.OP_ACCEPT, this);
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void ready(SelectionKey ready) throws IOException {
    loop.hurry();
    for (int i = 0; i < BATCH && !full; i++) {
      SocketChannel channel;
      try {
        channel = server.accept();
      } catch (IOException e) {
        pause(e);
        return;
      }
      if (channel == null) {
        return;
      }
      letIn(channel);
    }
  }

  /** One client that has gone already must not close the port to all others. */
  private void letIn(SocketChannel channel) throws IOException {
    try {
      if (channel.getRemoteAddress() instanceof InetSocketAddress peer) {
        door.accepted(channel, peer);
        return;
      }
    } catch (IOException e) {
      LOG.debug("{}: connection failed at once", name, e);
    }
    channel.close();
  }

  /** Out of file descriptors, most likely; the socket stays ready, so asking again would spin. */
  private void pause(IOException cause) {
    LOG.warn("{}: accept failed, trying again in 1 s: {}", name, cause.getMessage());
    key.interestOps(0);
    loop.schedule(
        System.nanoTime() + PAUSE_NANOS,
        () -> {
          if (key.isValid() && !full) {
            key.interestOps(SelectionKey.OP_ACCEPT);
          }
        });
  }

  @Override
  public void failed(Exception cause) {
    LOG.error("{} failed", name, cause);
    stopped();
  }

  @Override
  public void stopped() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("close of {} failed", name, e);
    }
  }
}
