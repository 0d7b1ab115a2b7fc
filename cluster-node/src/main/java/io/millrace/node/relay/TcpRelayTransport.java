package io.millrace.node.relay;

import io.millrace.media.net.SocketLoop;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.protocol.relay.RelayException;
import io.millrace.protocol.relay.RelayMessage;
import io.millrace.protocol.relay.RelayProofs;
import io.millrace.protocol.relay.RelayWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ingest's end of a connection to another node's data port. Takes frames at once, up to its
 * bound, and sends them when the owner has let it in. {@link #send} and {@link #close} are safe
 * from any thread and never call out; everything else happens on the loop.
 */
final class TcpRelayTransport implements RelayTransport, RelaySocket.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(TcpRelayTransport.class);

  /** Encoded bytes that wait for the system; what is beyond waits as frames. */
  private static final int OUTGOING_BYTES = 256 << 10;

  /** What connects to whom. */
  record Route(LeaseKey lease, String owner, InetSocketAddress address) {}

  private final DataPort.Shared shared;
  private final Route route;
  private final SocketLoop loop;
  private final Listener listener;
  private final WireFrames wire;
  private final RelayMessage.Hello hello;
  private final FrameQueue queue;

  private RelaySocket socket;
  private boolean challenged;
  private boolean open;
  private boolean finishing;

  TcpRelayTransport(DataPort.Shared shared, SocketLoop loop, Route route, Listener listener) {
    this.shared = shared;
    this.route = route;
    this.loop = loop;
    this.listener = listener;
    this.wire = new WireFrames(route.lease());
    this.queue = new FrameQueue(shared.bounds(), listener::writable);
    LeaseKey lease = route.lease();
    this.hello =
        new RelayMessage.Hello(
            shared.nonce(), shared.nodeName(), lease.streamId(), lease.epoch(), lease.session());
  }

  /** Begins to connect, on the loop. */
  void connect() {
    queue.start(() -> loop.execute(this::drain));
    loop.execute(this::onConnect);
  }

  private void onConnect() {
    if (queue.isClosed()) {
      return;
    }
    shared.metrics().asIngest(1);
    try {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      socket = new RelaySocket(shared.times(), loop, channel, shared.metrics(), this);
      boolean connected = channel.connect(route.address());
      socket.open(connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
      if (connected) {
        onConnected();
      }
    } catch (IOException | RuntimeException e) {
      socketFailed(e);
    }
  }

  private void socketFailed(Exception cause) {
    if (socket == null) {
      onClosed("no socket: " + cause.getMessage());
    } else {
      socket.close("connect failed: " + cause.getMessage());
    }
  }

  @Override
  public boolean send(RelayFrame frame) {
    return queue.offer(frame);
  }

  @Override
  public void close() {
    if (queue.close()) {
      loop.execute(this::onClose);
    }
  }

  /** What was sent before still goes out; if the owner has not answered yet, when it does. */
  private void onClose() {
    if (open && !socket.isClosed()) {
      sendRest();
    }
  }

  private void sendRest() {
    for (Optional<RelayFrame> next = queue.poll(); next.isPresent(); next = queue.poll()) {
      wire.write(next.get(), socket::write);
    }
    socket.closeFlushed();
  }

  private void drain() {
    if (open && !socket.isClosed()) {
      fill();
      socket.flush();
    }
  }

  private void fill() {
    while (socket.outgoingBytes() < OUTGOING_BYTES) {
      Optional<RelayFrame> next = queue.poll();
      if (next.isEmpty()) {
        return;
      }
      wire.write(next.get(), socket::write);
    }
  }

  @Override
  public void onConnected() {
    socket.write(RelayWriter.frame(hello));
    socket.flush();
  }

  @Override
  public void onMessage(RelayMessage message) throws RelayException {
    if (open) {
      onInSession(wire.checked(message));
    } else if (message instanceof RelayMessage.Challenge challenge && !challenged) {
      onChallenge(challenge);
    } else if (message instanceof RelayMessage.Welcome && challenged) {
      onWelcome();
    } else if (message instanceof RelayMessage.Refused no) {
      socket.close("refused: " + no.text());
    } else {
      throw WireFrames.unexpected(message);
    }
  }

  private void onChallenge(RelayMessage.Challenge challenge) throws RelayException {
    byte[] expected = shared.proofs().owner(hello, challenge.nonce(), challenge.node());
    if (!RelayProofs.equal(expected, challenge.proof())) {
      throw new RelayException("proof of the owner: wrong (expected: made with the same secret)");
    }
    if (!challenge.node().equals(route.owner())) {
      throw new RelayException(
          "node: " + challenge.node() + " (expected: the owner, " + route.owner() + ")");
    }
    challenged = true;
    byte[] proof = shared.proofs().ingest(hello, challenge.nonce(), challenge.node());
    socket.write(RelayWriter.frame(new RelayMessage.Proof(proof)));
    socket.flush();
  }

  private void onWelcome() {
    socket.authenticated(false);
    open = true;
    if (queue.isClosed()) {
      sendRest();
      return;
    }
    listener.opened();
    fill();
    socket.flush();
  }

  private void onInSession(RelayMessage.InSession message) throws RelayException {
    if (message instanceof RelayMessage.Acknowledged acknowledged) {
      if (!queue.isClosed()) {
        listener.acknowledged(acknowledged.seq());
      }
    } else if (message instanceof RelayMessage.Ended ended) {
      onEnded(WireFrames.reason(ended), ended.text());
    } else if (message instanceof RelayMessage.Moved) {
      socket.close("owner moved");
    } else if (!(message instanceof RelayMessage.Heartbeat)) {
      throw WireFrames.unexpected(message);
    }
  }

  /** After a take-over the owner still takes what comes until our end, and closes then. */
  private void onEnded(CloseReason reason, String text) {
    boolean first = !finishing && !queue.isClosed();
    finishing = reason == CloseReason.TAKEN_OVER;
    if (!finishing) {
      queue.discard();
    }
    if (first) {
      listener.ended(reason, text);
    }
    if (!finishing) {
      socket.close("ended by the owner");
    }
  }

  @Override
  public void onFlushed() {
    if (open) {
      fill();
    }
  }

  @Override
  public void onIdle() {
    socket.write(wire.heartbeat());
    socket.flush();
  }

  @Override
  public void onClosed(String cause) {
    shared.metrics().asIngest(-1);
    if (queue.discard() && !finishing) {
      LOG.info(
          "relay of stream {} to node {} at {} is lost: {}",
          route.lease().streamId(),
          route.owner(),
          route.address(),
          cause);
      listener.lost();
    }
  }
}
