package io.millrace.node.ingest;

import io.millrace.media.net.SocketLoop;
import io.millrace.protocol.rtmp.RtmpError;
import io.millrace.protocol.rtmp.RtmpException;
import io.millrace.protocol.rtmp.RtmpLimits;
import io.millrace.protocol.rtmp.RtmpServerSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket of the RTMP port: reading, back-pressure, closing. What the messages mean is {@link
 * PublishHandler}'s business, how long they may take {@link Deadlines}', how many there may be
 * {@link ReadRates}'. Confined to its loop's thread, except where {@link PublisherControl} says
 * otherwise. Nothing of it survives a restart.
 */
final class RtmpConnection implements SocketLoop.Ready, Deadlines.Listener, PublisherControl {
  /** Why the socket is not read. */
  enum Pause {
    ANSWER,
    SINK,
    RATE
  }

  private static final Logger LOG = LoggerFactory.getLogger(RtmpConnection.class);
  private static final int MAX_OUTBOX_BYTES = 256 << 10;
  private static final long LINGER_NANOS = Duration.ofMillis(500).toNanos();

  /** A client that was asked to connect again does so at its next keyframe. */
  private static final long LEAVE_NANOS = Duration.ofSeconds(5).toNanos();

  private final IngestContext context;
  private final SocketLoop loop;
  private final SocketChannel channel;
  private final InetSocketAddress peer;
  private final RtmpServerSession session = new RtmpServerSession(RtmpLimits.STANDARD);
  private final PublishHandler handler;
  private final Outbox outbox = new Outbox(MAX_OUTBOX_BYTES);
  private final long openedNanos = System.nanoTime();
  private final Deadlines deadlines;
  private final ReadRates rates;

  private SelectionKey key;
  private ByteBuffer unread;
  private final Set<Pause> pauses = EnumSet.noneOf(Pause.class);
  private long receivedBytes;
  private boolean leaving;
  private boolean ended;
  private boolean outputShut;

  RtmpConnection(
      IngestContext context, SocketLoop loop, SocketChannel channel, InetSocketAddress peer) {
    this.context = context;
    this.loop = loop;
    this.channel = channel;
    this.peer = peer;
    this.handler = new PublishHandler(context, this, session);
    this.deadlines = new Deadlines(context.settings(), loop, session, openedNanos, this);
    this.rates = new ReadRates(context.settings(), session, openedNanos);
  }

  /** Begins to read; on the loop's thread. */
  void open() {
    context.metrics().accepted();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      key = loop.register(channel, SelectionKey.OP_READ, this);
      deadlines.arm();
    } catch (IOException e) {
      failed(e);
    }
  }

  String peer() {
    return peer.getAddress().getHostAddress() + ":" + peer.getPort();
  }

  InetAddress remote() {
    return peer.getAddress();
  }

  String address() {
    return peer.getAddress().getHostAddress();
  }

  boolean isOpen() {
    return !ended;
  }

  void execute(Runnable task) {
    loop.execute(task);
  }

  void executeAfter(Duration delay, Runnable task) {
    loop.schedule(System.nanoTime() + delay.toNanos(), task);
  }

  void send(ByteBuffer bytes) {
    outbox.add(bytes);
  }

  @Override
  public void ready(SelectionKey selected) throws IOException {
    if (selected.isWritable()) {
      flush();
    }
    if (selected.isValid() && selected.isReadable()) {
      read();
    }
  }

  @Override
  public void failed(Exception cause) {
    if (cause instanceof IOException) {
      close(CloseCause.IO_ERROR, LogText.escape(String.valueOf(cause.getMessage())));
    } else {
      LOG.error("connection {} failed", peer(), cause);
      close(CloseCause.INTERNAL, "internal error");
    }
  }

  @Override
  public void stopped() {
    close(CloseCause.NODE_STOPPING, "the node stops");
  }

  @Override
  public void close(CloseReason reason, String text) {
    loop.executeCaughtUp(() -> endByOwner(reason, text));
  }

  @Override
  public void leave(String text) {
    loop.executeCaughtUp(() -> askToLeave(text));
  }

  @Override
  public void resumeReading() {
    loop.execute(() -> resume(Pause.SINK));
  }

  private void read() throws IOException {
    ByteBuffer in = loop.readBuffer();
    int count = channel.read(in);
    if (count < 0) {
      close(CloseCause.PEER_CLOSED, "peer closed");
      return;
    }
    if (ended) {
      return;
    }
    long now = System.nanoTime();
    deadlines.received(now);
    receivedBytes += count;
    context.metrics().received(count);
    boolean more = !in.hasRemaining();
    consume(in.flip());
    if (more || !deadlines.inMedia()) {
      loop.hurry();
    }
    if (!ended) {
      checkRate(count, now);
    }
    flushAndArm();
  }

  /** Parses the bytes; keeps what the session does not take while a publish awaits its answer. */
  private void consume(ByteBuffer in) {
    try {
      session.receive(in, handler);
    } catch (RtmpException e) {
      boolean foreign = e.code() == RtmpError.NOT_RTMP;
      close(foreign ? CloseCause.NOT_RTMP : CloseCause.PROTOCOL, e.getMessage());
      return;
    }
    if (session.awaitingAnswer()) {
      unread = ByteBuffer.allocate(in.remaining()).put(in).flip();
      pause(Pause.ANSWER);
    }
    deadlines.follow();
  }

  /** The publish was answered: goes on with what had arrived meanwhile. */
  void answered() {
    ByteBuffer rest = unread;
    unread = null;
    if (!ended && rest != null) {
      consume(rest);
    }
    if (!ended && !session.awaitingAnswer()) {
      resume(Pause.ANSWER);
    }
    flushAndArm();
  }

  private void checkRate(int bytes, long now) {
    long wait = rates.take(bytes, now);
    if (wait == 0) {
      return;
    }
    long over = rates.overNanos(now);
    if (over > RtmpSettings.RATE_PATIENCE.toNanos()) {
      end(CloseCause.RATE, "rate: above the limit for " + over / 1_000_000_000 + " s");
    } else {
      pause(Pause.RATE);
      loop.schedule(now + wait, () -> resume(Pause.RATE));
    }
  }

  void pause(Pause why) {
    pauses.add(why);
    deadlines.reading(false);
    updateInterest();
  }

  private void resume(Pause why) {
    if (pauses.remove(why) && pauses.isEmpty()) {
      deadlines.reading(true);
      updateInterest();
      deadlines.arm();
    }
  }

  private void updateInterest() {
    if (key != null && key.isValid()) {
      int read = pauses.isEmpty() || ended ? SelectionKey.OP_READ : 0;
      int write = outbox.isEmpty() ? 0 : SelectionKey.OP_WRITE;
      if (key.interestOps() != (read | write)) {
        key.interestOps(read | write);
      }
    }
  }

  private void flushAndArm() {
    if (key == null || !key.isValid()) {
      return;
    }
    try {
      flush();
    } catch (IOException e) {
      failed(e);
    }
    deadlines.arm();
  }

  private void flush() throws IOException {
    outbox.flush(channel);
    if (!ended && outbox.overflowing()) {
      close(CloseCause.SLOW_READER, "the peer does not read what it is sent");
      return;
    }
    if (ended && outbox.isEmpty() && !outputShut) {
      outputShut = true;
      channel.shutdownOutput();
    }
    updateInterest();
  }

  @Override
  public void overdue(CloseCause cause, String reason) {
    close(cause, reason);
  }

  @Override
  public void pingDue(long nowNanos) {
    session.ping((int) (nowNanos / 1_000_000), handler);
    handler.countDrops();
    flushAndArm();
  }

  private void askToLeave(String text) {
    leaving = !ended && session.askToReconnect("", handler);
    if (leaving) {
      loop.schedule(
          System.nanoTime() + LEAVE_NANOS, () -> endByOwner(CloseReason.NODE_STOPPING, text));
      flushAndArm();
    } else {
      endByOwner(CloseReason.NODE_STOPPING, text);
    }
  }

  /** The client has ended its publish. */
  void unpublished() {
    if (leaving) {
      end(CloseCause.NODE_STOPPING, "the publisher has left");
    }
  }

  private void endByOwner(CloseReason reason, String text) {
    if (ended) {
      return;
    }
    CloseCause cause = CloseCause.valueOf(reason.name());
    boolean told = reason == CloseReason.NODE_STOPPING && session.askToReconnect("", handler);
    if (!told) {
      boolean other = reason == CloseReason.TAKEN_OVER;
      RtmpError status = other ? RtmpError.BAD_NAME : RtmpError.DENIED;
      session.endPublish(status.status(), text, handler);
    }
    end(cause, LogText.escape(text));
  }

  /** Sends what is queued, then closes; what still arrives is dropped. */
  void end(CloseCause cause, String reason) {
    if (ended) {
      return;
    }
    finish(cause, reason);
    loop.schedule(System.nanoTime() + LINGER_NANOS, this::closeChannel);
    flushAndArm();
  }

  private void close(CloseCause cause, String reason) {
    if (!ended) {
      finish(cause, reason);
    }
    closeChannel();
  }

  private void finish(CloseCause cause, String reason) {
    ended = true;
    unread = null;
    deadlines.cancel();
    context.metrics().closed(cause);
    context.metrics().droppedMessages(session.droppedMessages());
    log(cause, reason);
    handler.closed();
  }

  private void log(CloseCause cause, String reason) {
    String format = "closed: {} (peer {}, stream {}, {} bytes, {} ms)";
    long ms = (System.nanoTime() - openedNanos) / 1_000_000;
    Object[] values = {reason, peer(), handler.streamForLog(), receivedBytes, ms};
    if (cause.warning()) {
      LOG.warn(format, values);
    } else {
      LOG.info(format, values);
    }
  }

  private void closeChannel() {
    if (!channel.isOpen()) {
      return;
    }
    context.caps().leave(peer.getAddress());
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("close of {} failed", peer(), e);
    }
  }
}
