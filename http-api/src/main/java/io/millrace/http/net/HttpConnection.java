package io.millrace.http.net;

import io.millrace.media.net.SocketLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One viewer's socket. Its loop reads and tells the {@link Reader}, which writes: first {@link
 * DirectAnswers}, then, if the viewer asks for more than those know, the {@link ConnectionStage}.
 * Confined to the loop, except where a method says otherwise.
 */
final class HttpConnection implements SocketLoop.Ready {

  /** Who makes answers of what is read; told on the loop. */
  interface Reader {
    /** At least one byte; the reader says when it has passed it on. */
    void received(byte[] bytes);

    /** Nothing more will be received; requests that were are still to be answered. */
    void inputEnded();

    /** The socket takes bytes again. */
    void writable();

    /** The connection is gone. */
    void aborted();
  }

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  /**
   * What is passed on at once. Pekko HTTP's parser goes one level deeper for each request that it
   * finds in it, and a few hundred short ones can be more than a thread's stack holds.
   */
  private static final int READ_BYTES = 4 << 10;

  /** Read, but not passed on: beyond this nothing more is read. */
  private static final int UNDELIVERED_BYTES = 64 << 10;

  private static final byte[] NOTHING = {};

  private final SocketChannel channel;
  private final InetSocketAddress peer;
  private final SocketLoop loop;
  private final Consumer<HttpConnection> closing;
  private final Consumer<HttpConnection> successor;
  private final AtomicInteger undelivered = new AtomicInteger();
  private volatile long activeNanos = System.nanoTime();
  private Reader reader;
  private SelectionKey key;
  private byte[] handedOver = NOTHING;
  private boolean inputEnded;
  private boolean closed;

  /**
   * @param closing told once, on the loop
   * @param successor told on the loop to {@link #start} another reader
   */
  HttpConnection(
      SocketChannel channel,
      InetSocketAddress peer,
      SocketLoop loop,
      Consumer<HttpConnection> closing,
      Consumer<HttpConnection> successor) {
    this.channel = channel;
    this.peer = peer;
    this.loop = loop;
    this.closing = closing;
    this.successor = successor;
  }

  InetSocketAddress peer() {
    return peer;
  }

  /** When something was last read or written; any thread. */
  long activeNanos() {
    return activeNanos;
  }

  // --- what a reader asks for; any thread -------------------------------------------------------

  void start(Reader next) {
    loop.execute(() -> begin(next));
  }

  /** Runs the task on the connection's loop; its failure ends the connection. */
  void execute(Runnable task) {
    loop.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.error("connection of {} is closed", peer, e);
            abortNow();
          }
        });
  }

  /** Writes what the socket takes. */
  boolean write(Unwritten bytes) throws IOException {
    activeNanos = System.nanoTime();
    return bytes.writeTo(channel);
  }

  /** {@link Reader#writable()} will follow. */
  void awaitWritable() {
    loop.execute(() -> want(SelectionKey.OP_WRITE));
  }

  /** So many received bytes were passed on. */
  void delivered(int bytes) {
    int left = undelivered.addAndGet(-bytes);
    if (left < UNDELIVERED_BYTES && left + bytes >= UNDELIVERED_BYTES) {
      loop.execute(() -> want(SelectionKey.OP_READ));
    }
  }

  void close() {
    loop.execute(this::closeNow);
  }

  // --- what the listener asks for; any thread ---------------------------------------------------

  /** Takes no more requests; closes when those it has are answered. */
  void drain() {
    loop.execute(this::endInput);
  }

  void abort() {
    loop.execute(this::abortNow);
  }

  // --- on the loop ------------------------------------------------------------------------------

  boolean isClosed() {
    return closed;
  }

  /**
   * The reader gives up its place: nothing more is read until the next one has started.
   *
   * @param left what was read and is for the next one; was not {@link #delivered}
   */
  void handOver(byte[] left) {
    reader = null;
    handedOver = left;
    key.interestOps(0);
    successor.accept(this);
  }

  private void begin(Reader next) {
    reader = next;
    if (closed) {
      reader.aborted();
      return;
    }
    try {
      if (key == null) {
        key = loop.register(channel, 0, this);
      }
    } catch (IOException e) {
      failed(e);
      return;
    }
    passOnWhatIsHandedOver();
    if (inputEnded) {
      reader.inputEnded();
    } else {
      want(SelectionKey.OP_READ);
    }
  }

  /** No more at once than is read at once. */
  private void passOnWhatIsHandedOver() {
    byte[] left = handedOver;
    handedOver = NOTHING;
    for (int from = 0; from < left.length; from += READ_BYTES) {
      reader.received(Arrays.copyOfRange(left, from, Math.min(left.length, from + READ_BYTES)));
    }
  }

  private void want(int operation) {
    boolean reads = operation == SelectionKey.OP_READ;
    if (!closed && reader != null && !(reads && inputEnded)) {
      key.interestOpsOr(operation);
    }
  }

  @Override
  public void ready(SelectionKey ready) throws IOException {
    loop.hurry();
    if (ready.isWritable()) {
      ready.interestOpsAnd(~SelectionKey.OP_WRITE);
      reader.writable();
    }
    if (!closed && reader != null && ready.isReadable()) {
      read();
    }
  }

  private void read() throws IOException {
    ByteBuffer buffer = loop.readBuffer().limit(READ_BYTES);
    int length = channel.read(buffer);
    if (length < 0) {
      endInput();
      return;
    }
    activeNanos = System.nanoTime();
    byte[] bytes = new byte[length];
    buffer.flip().get(bytes);
    if (undelivered.addAndGet(length) >= UNDELIVERED_BYTES) {
      key.interestOpsAnd(~SelectionKey.OP_READ);
    }
    reader.received(bytes);
  }

  private void endInput() {
    if (!inputEnded && !closed) {
      inputEnded = true;
      if (reader != null) {
        key.interestOpsAnd(~SelectionKey.OP_READ);
        reader.inputEnded();
      }
    }
  }

  @Override
  public void failed(Exception cause) {
    LOG.debug("connection of {} failed", peer, cause);
    abortNow();
  }

  @Override
  public void stopped() {
    abortNow();
  }

  private void abortNow() {
    if (reader != null) {
      reader.aborted();
    }
    closeNow();
  }

  void closeNow() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("close of the connection of {} failed", peer, e);
    }
    closing.accept(this);
  }
}
