package io.millrace.node.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.media.net.SocketAcceptor;
import io.millrace.media.net.SocketLoop;
import io.millrace.media.net.SocketLoops;
import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.cluster.Endpoint;
import io.millrace.protocol.relay.RelayLimits;
import io.millrace.protocol.relay.RelayProofs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Where a node takes media from other nodes' publishers, and from where it sends its own: a
 * listener and the threads on which the sockets of both ends live. Owned by the node's parts;
 * thread-safe.
 */
public final class DataPort implements AutoCloseable {
  /** What may wait in one queue; one frame always fits. */
  record Bounds(int frames, long bytes) {
    static final Bounds OF_A_WAY = new Bounds(512, 2L << 20);
  }

  /** What every connection of this node shares. */
  record Shared(
      String nodeName,
      RelayProofs proofs,
      SecureRandom random,
      LocalOwners owners,
      DataPortMetrics metrics,
      RelayTimes times,
      Bounds bounds,
      BooleanSupplier paused) {

    byte[] nonce() {
      byte[] nonce = new byte[RelayLimits.KEY_BYTES];
      random.nextBytes(nonce);
      return nonce;
    }
  }

  private final Shared shared;
  private final Endpoint endpoint;
  private final SocketLoops loops;

  private DataPort(Shared shared, ServerSocketChannel server, String host) throws IOException {
    this.shared = shared;
    InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
    boolean any = bound.getAddress().isAnyLocalAddress();
    this.endpoint = new Endpoint(any ? host : bound.getAddress().getHostAddress(), bound.getPort());
    loops = new SocketLoops("millrace-data");
    SocketAcceptor acceptor =
        new SocketAcceptor("data port", server, loops, new RelayDoor(shared, loops));
    loops.start();
    acceptor.open();
  }

  /**
   * Binds the port and begins to take connections.
   *
   * @param paused this process has just woken and does not know what it missed
   * @throws IOException naming the setting, if the port cannot be bound
   */
  public static DataPort open(
      String nodeName,
      ClusterSettings settings,
      LocalOwners owners,
      MeterRegistry registry,
      BooleanSupplier paused)
      throws IOException {
    Shared shared =
        new Shared(
            nodeName,
            new RelayProofs(settings.secret().getBytes(StandardCharsets.UTF_8)),
            new SecureRandom(),
            owners,
            new DataPortMetrics(registry),
            RelayTimes.standard(),
            Bounds.OF_A_WAY,
            paused);
    return open(shared, settings.privateHost(), settings.dataPort());
  }

  static DataPort open(Shared shared, String host, int port) throws IOException {
    try {
      ServerSocketChannel channel = SocketAcceptor.bind(host, port);
      return new DataPort(shared, channel, host);
    } catch (IOException e) {
      throw new IOException("data port " + host + ":" + port + ": " + e.getMessage(), e);
    }
  }

  /** Where other nodes reach it. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Owners in this process are reached within it, all others over their data ports. */
  public RelayConnector connector() {
    RelayConnector local = RelayConnector.local(shared.owners());
    return (streamId, lease, listener) ->
        !lease.data().isPresent() || lease.data().equals(endpoint)
            ? local.connect(streamId, lease, listener)
            : Optional.of(connect(streamId, lease, listener));
  }

  private RelayTransport connect(
      String streamId, LeaseReply.Accepted lease, RelayTransport.Listener listener) {
    InetSocketAddress address = new InetSocketAddress(lease.data().host(), lease.data().port());
    LeaseKey key = new LeaseKey(streamId, lease.epoch(), lease.session());
    SocketLoop loop = loops.next();
    TcpRelayTransport transport =
        new TcpRelayTransport(
            shared, loop, new TcpRelayTransport.Route(key, lease.node(), address), listener);
    transport.connect();
    return transport;
  }

  /** Closes the port and every connection of both ends. */
  @Override
  public void close() {
    loops.stop();
  }
}
