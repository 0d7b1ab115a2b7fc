package io.millrace.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Connections and timers of one thread, which is the one that calls {@link #runUntil}. What has
 * come is read, and its time taken, before more requests are sent: with thousands of viewers on one
 * thread, the answer of one would otherwise seem to take as long as the requests of all others.
 */
public final class ClientLoop implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 << 10;

  /** Taking an answer and sending the next request is some 15 us. */
  private static final int TAKEN_BETWEEN_READS = 16;

  private record Timer(long nanoTime, long order, Runnable task) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      long difference = nanoTime - other.nanoTime;
      return Long.signum(difference == 0 ? order - other.order : difference);
    }
  }

  private final Selector selector;
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final Queue<Runnable> read = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long timersMade;

  public ClientLoop() throws IOException {
    selector = Selector.open();
  }

  /** See {@link ClientConnection#open}. */
  public ClientConnection connect(InetSocketAddress local, InetSocketAddress server)
      throws IOException {
    return ClientConnection.open(this, local, server);
  }

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  public void at(long nanoTime, Runnable task) {
    timers.add(new Timer(nanoTime, timersMade++, task));
  }

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  public void runUntil(long nanoTime) throws IOException {
    for (long now = System.nanoTime(); now - nanoTime < 0; now = System.nanoTime()) {
      runDue(now);
      for (int i = 0; i < TAKEN_BETWEEN_READS && !read.isEmpty(); i++) {
        read.remove().run();
      }
      long until = timers.isEmpty() ? nanoTime : Math.min(nanoTime, timers.peek().nanoTime());
      long waitNanos = until - System.nanoTime();
      if (waitNanos > 0 && read.isEmpty()) {
        // A timer that is a millisecond late is cheaper than a loop that turns until it is due.
        selector.select(this::ready, 1 + TimeUnit.NANOSECONDS.toMillis(waitNanos));
      } else {
        selector.selectNow(this::ready);
      }
    }
  }

  private void runDue(long now) {
    while (!timers.isEmpty() && timers.peek().nanoTime() - now <= 0) {
      timers.remove().task().run();
    }
  }

  private void ready(SelectionKey key) {
    ((ClientConnection) key.attachment()).ready();
  }

  /** Hands an answer over when all that has come is read. */
  void whenRead(Runnable task) {
    read.add(task);
  }

  SelectionKey register(SocketChannel channel, int interest, ClientConnection connection)
      throws IOException {
    return channel.register(selector, interest, connection);
  }

  /** Where bytes are read to; nothing of it is kept between two reads. */
  ByteBuffer buffer() {
    return buffer;
  }

  void report(IOException failure) {
    System.err.println("a connection could not be closed: " + failure);
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
