package io.millrace.node.relay;

import io.millrace.media.net.SocketLoop;
import io.millrace.protocol.relay.RelayException;
import io.millrace.protocol.relay.RelayMessage;
import io.millrace.protocol.relay.RelayReader;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One socket of the data port, either end: frames in, frames out, heartbeats, the deadline of the
 * handshake and of silence. Confined to its loop. Bytes go out through the loop's one direct
 * buffer: each is copied once and nothing is allocated for it.
 */
final class RelaySocket implements SocketLoop.Ready {
  private static final long TICK_NANOS = Duration.ofMillis(500).toNanos();

  /**
   * A read of this size is part of a replay, or the loop is behind: the next one follows at once.
   */
  private static final int BURST_BYTES = 64 << 10;

  /** What a socket tells its owner, on the loop. */
  interface Handler {
    /** The socket is connected; only at the end that connects. */
    void onConnected();

    /**
     * @throws RelayException if the frame has no place here; the socket is closed then
     */
    void onMessage(RelayMessage message) throws RelayException;

    /** All that was written is on its way. */
    void onFlushed();

    /** The socket is closed; the last call. */
    void onClosed(String cause);

    /** A heartbeat is due and nothing else is on its way. */
    void onIdle();
  }

  private final RelayTimes times;
  private final SocketLoop loop;
  private final SocketChannel channel;
  private final DataPortMetrics metrics;
  private final Handler handler;
  private final RelayReader reader = new RelayReader();
  private final Deque<ByteBuffer> outgoing = new ArrayDeque<>();
  private final long openedNanos = System.nanoTime();
  private SelectionKey key;
  private SocketLoop.Timer ticker;
  private long outgoingBytes;
  private long heardNanos = openedNanos;
  private long saidNanos = openedNanos;
  private long closeByNanos;
  private boolean authenticated;
  private boolean reading = true;
  private boolean inRead;
  private boolean closing;
  private boolean outputShut;
  private boolean closed;

  RelaySocket(
      RelayTimes times,
      SocketLoop loop,
      SocketChannel channel,
      DataPortMetrics metrics,
      Handler handler) {
    this.times = times;
    this.loop = loop;
    this.channel = channel;
    this.metrics = metrics;
    this.handler = handler;
  }

  /**
   * @param operations what the channel waits for first
   */
  void open(int operations) {
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      key = loop.register(channel, operations, this);
      ticker = loop.schedule(openedNanos + TICK_NANOS, this::tick);
    } catch (IOException e) {
      close("failed: " + e.getMessage());
    }
  }

  /**
   * The handshake is done, and silence counts from now.
   *
   * @param takesUnits at the owner's end
   */
  void authenticated(boolean takesUnits) {
    authenticated = true;
    if (takesUnits) {
      reader.authenticated();
    }
    heardNanos = System.nanoTime();
  }

  void write(ByteBuffer bytes) {
    outgoing.addLast(bytes);
    outgoingBytes += bytes.remaining();
  }

  /** Bytes written and not yet taken by the system. */
  long outgoingBytes() {
    return outgoingBytes;
  }

  /** Writes what the system takes now; while the loop's buffer is being read, right after that. */
  void flush() {
    if (closed || inRead) {
      return;
    }
    try {
      writeOut();
    } catch (IOException e) {
      close("write failed: " + e.getMessage());
    }
  }

  /** Back-pressure: what is not read stays with the peer. */
  void reading(boolean newReading) {
    if (reading != newReading && !closed) {
      reading = newReading;
      heardNanos = System.nanoTime();
      interests();
    }
  }

  /**
   * Ends our direction when all is written, and closes when the peer has ended its own or after a
   * while. A plain close would reset the connection if anything was unread, and lose what is still
   * on its way to the peer.
   */
  void closeFlushed() {
    if (!closing) {
      closing = true;
      closeByNanos = System.nanoTime() + times.linger().toNanos();
      reading(true);
      flush();
    }
  }

  void close(String cause) {
    if (closed) {
      return;
    }
    closed = true;
    if (ticker != null) {
      ticker.cancel();
    }
    outgoing.clear();
    try {
      channel.close();
    } catch (IOException e) {
      metrics.closeFailed(e);
    }
    handler.onClosed(cause);
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void ready(SelectionKey ready) throws IOException {
    if (ready.isConnectable() && channel.finishConnect()) {
      interests();
      handler.onConnected();
    }
    if (!closed && ready.isWritable()) {
      writeOut();
    }
    if (!closed && ready.isReadable()) {
      read();
    }
  }

  private void read() throws IOException {
    ByteBuffer buffer = loop.readBuffer();
    int count = channel.read(buffer);
    if (count < 0) {
      close(closing ? "done" : "peer closed");
      return;
    }
    metrics.received(count);
    heardNanos = System.nanoTime();
    if (!authenticated || count >= BURST_BYTES) {
      loop.hurry();
    }
    inRead = true;
    try {
      reader.read(buffer.flip(), this::onMessage);
    } catch (RelayException e) {
      metrics.malformed();
      close("protocol: " + e.getMessage());
    } finally {
      inRead = false;
    }
    if (!outgoing.isEmpty() || closing) {
      flush();
    }
  }

  private void onMessage(RelayMessage message) throws RelayException {
    if (!closed && !closing) {
      handler.onMessage(message);
    }
  }

  private void writeOut() throws IOException {
    boolean taken = true;
    while (taken && !outgoing.isEmpty()) {
      ByteBuffer buffer = loop.readBuffer();
      for (ByteBuffer next : outgoing) {
        int count = Math.min(next.remaining(), buffer.remaining());
        buffer.put(buffer.position(), next, next.position(), count);
        buffer.position(buffer.position() + count);
        if (!buffer.hasRemaining()) {
          break;
        }
      }
      int offered = buffer.flip().remaining();
      int written = channel.write(buffer);
      saidNanos = System.nanoTime();
      taken = written == offered;
      wrote(written);
      if (outgoing.isEmpty()) {
        handler.onFlushed();
      }
    }
    if (closing && outgoing.isEmpty() && !outputShut) {
      outputShut = true;
      channel.shutdownOutput();
    }
    interests();
  }

  private void wrote(int count) {
    metrics.sent(count);
    outgoingBytes -= count;
    int left = count;
    while (left > 0) {
      ByteBuffer first = outgoing.peekFirst();
      int part = Math.min(left, first.remaining());
      first.position(first.position() + part);
      left -= part;
      if (!first.hasRemaining()) {
        outgoing.removeFirst();
      }
    }
  }

  private void interests() {
    if (!closed && key.isValid()) {
      key.interestOps(
          (reading ? SelectionKey.OP_READ : 0) | (outgoing.isEmpty() ? 0 : SelectionKey.OP_WRITE));
    }
  }

  private void tick() {
    if (closed) {
      return;
    }
    long now = System.nanoTime();
    ticker = loop.schedule(now + TICK_NANOS, this::tick);
    if (!authenticated && now - openedNanos > times.handshake().toNanos()) {
      metrics.timedOut();
      close("no handshake in time");
    } else if (closing && now - closeByNanos > 0) {
      close("not flushed in time");
    } else if (authenticated && reading && !closing && now - heardNanos > times.dead().toNanos()) {
      metrics.timedOut();
      close("silent for " + Duration.ofNanos(now - heardNanos).toMillis() + " ms");
    } else if (authenticated
        && outgoing.isEmpty()
        && now - saidNanos >= times.heartbeat().toNanos()) {
      handler.onIdle();
    }
  }

  @Override
  public void failed(Exception cause) {
    close("failed: " + cause);
  }

  @Override
  public void stopped() {
    close("node stopping");
  }
}
