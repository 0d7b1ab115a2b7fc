package io.millrace.node.relay;

import io.millrace.media.net.SocketLoop;
import io.millrace.protocol.relay.RelayException;
import io.millrace.protocol.relay.RelayMessage;
import io.millrace.protocol.relay.RelayProofs;
import io.millrace.protocol.relay.RelayWriter;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that the data port has accepted: lets in who knows the secret and names a lease that
 * an owner on this node waits for, then is what {@link TcpOwnerLink} reads from. Confined to its
 * loop.
 */
final class AcceptedRelay implements RelaySocket.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptedRelay.class);

  private final DataPort.Shared shared;
  private final SocketLoop loop;
  private final InetSocketAddress peer;
  private final RelayDoor door;
  private final RelaySocket socket;
  private RelayMessage.Hello hello;
  private byte[] nonce;
  private WireFrames wire;
  private TcpOwnerLink link;

  AcceptedRelay(
      DataPort.Shared shared,
      SocketLoop loop,
      SocketChannel channel,
      InetSocketAddress peer,
      RelayDoor door) {
    this.shared = shared;
    this.loop = loop;
    this.peer = peer;
    this.door = door;
    this.socket = new RelaySocket(shared.times(), loop, channel, shared.metrics(), this);
  }

  void open() {
    socket.open(SelectionKey.OP_READ);
  }

  @Override
  public void onConnected() {
    throw new IllegalStateException("this end does not connect");
  }

  @Override
  public void onMessage(RelayMessage message) throws RelayException {
    if (link != null) {
      onInSession(wire.checked(message));
    } else if (message instanceof RelayMessage.Hello first && hello == null) {
      onHello(first);
    } else if (message instanceof RelayMessage.Proof proof && hello != null) {
      onProof(proof);
    } else {
      throw WireFrames.unexpected(message);
    }
  }

  private void onHello(RelayMessage.Hello first) {
    hello = first;
    nonce = shared.nonce();
    byte[] proof = shared.proofs().owner(hello, nonce, shared.nodeName());
    socket.write(RelayWriter.frame(new RelayMessage.Challenge(nonce, shared.nodeName(), proof)));
    socket.flush();
  }

  private void onProof(RelayMessage.Proof proof) {
    byte[] expected = shared.proofs().ingest(hello, nonce, shared.nodeName());
    if (!RelayProofs.equal(expected, proof.proof())) {
      refuse("wrong secret");
      return;
    }
    if (shared.paused().getAsBoolean()) {
      refuse("this node has just woken");
      return;
    }
    LeaseKey lease = new LeaseKey(hello.stream(), hello.epoch(), hello.session());
    Optional<Consumer<OwnerLink>> owner = shared.owners().take(lease);
    if (owner.isEmpty()) {
      refuse("no owner here waits for this lease");
      return;
    }
    wire = new WireFrames(lease);
    link = new TcpOwnerLink(shared.bounds(), loop, socket, wire);
    door.authenticated();
    shared.metrics().asOwner(1);
    socket.authenticated(true);
    socket.write(RelayWriter.frame(new RelayMessage.Welcome()));
    socket.flush();
    owner.get().accept(link);
  }

  private void refuse(String why) {
    shared.metrics().refused();
    door.warn(peer, why);
    socket.write(RelayWriter.frame(new RelayMessage.Refused(why)));
    socket.closeFlushed();
  }

  private void onInSession(RelayMessage.InSession message) throws RelayException {
    Optional<RelayFrame> frame = WireFrames.forOwner(message);
    frame.ifPresent(link::offer);
  }

  @Override
  public void onFlushed() {}

  @Override
  public void onIdle() {
    socket.write(wire.heartbeat());
    socket.flush();
  }

  @Override
  public void onClosed(String cause) {
    door.closed(link != null);
    if (link == null) {
      door.warn(peer, cause);
      return;
    }
    shared.metrics().asOwner(-1);
    LOG.debug("relay of stream {} from {} is closed: {}", hello.stream(), hello.node(), cause);
    link.offer(new RelayFrame.Broken());
  }
}
