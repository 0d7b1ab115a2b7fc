package io.millrace.http.net;

import io.millrace.media.net.SocketLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One viewer's socket. Its loop reads and tells the {@link ConnectionStage}; the stage writes.
 * Confined to the loop, except where a method says otherwise.
 */
final class HttpConnection implements SocketLoop.Ready {

  /** What the loop tells the stage. */
  interface Reader {
    /** At least one byte; the stage says when it has passed it on. */
    void received(ByteString bytes);

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

  private final SocketChannel channel;
  private final InetSocketAddress peer;
  private final SocketLoop loop;
  private final Consumer<HttpConnection> closing;
  private final AtomicInteger undelivered = new AtomicInteger();
  private volatile long activeNanos = System.nanoTime();
  private Reader reader;
  private SelectionKey key;
  private boolean inputEnded;
  private boolean closed;

  /**
   * @param closing told once, on the loop
   */
  HttpConnection(
      SocketChannel channel,
      InetSocketAddress peer,
      SocketLoop loop,
      Consumer<HttpConnection> closing) {
    this.channel = channel;
    this.peer = peer;
    this.loop = loop;
    this.closing = closing;
  }

  InetSocketAddress peer() {
    return peer;
  }

  /** When something was last read or written; any thread. */
  long activeNanos() {
    return activeNanos;
  }

  // --- what the stage asks for; any thread ------------------------------------------------------

  void start(Reader stage) {
    loop.execute(() -> begin(stage));
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

  private void begin(Reader stage) {
    reader = stage;
    if (closed) {
      reader.aborted();
      return;
    }
    try {
      key = loop.register(channel, 0, this);
    } catch (IOException e) {
      failed(e);
      return;
    }
    if (inputEnded) {
      reader.inputEnded();
    } else {
      want(SelectionKey.OP_READ);
    }
  }

  private void want(int operation) {
    boolean reads = operation == SelectionKey.OP_READ;
    if (!closed && !(reads && inputEnded)) {
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
    if (ready.isReadable()) {
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
    reader.received(ByteString.fromArrayUnsafe(bytes));
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

  private void closeNow() {
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
