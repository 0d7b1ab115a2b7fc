package io.millrace.node.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.ingest.IngestLoop;
import io.millrace.protocol.relay.RelayLimits;
import io.millrace.protocol.relay.RelayProofs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Where a node takes media from other nodes' publishers, and from where it sends its own: a
 * listener and the threads on which the sockets of both ends live. Owned by the node's parts;
 * thread-safe.
 */
public final class DataPort implements AutoCloseable {
  private static final int CORES_PER_LOOP = 8;
  private static final int BACKLOG = 1024;
  private static final int MAX_FRAMES = 512;
  private static final long MAX_BYTES = 2L << 20;

  /** What may wait in one queue; one frame always fits. */
  record Bounds(int frames, long bytes) {}

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
  private final List<IngestLoop> loops = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();

  private DataPort(Shared shared, ServerSocketChannel server, String host) throws IOException {
    this.shared = shared;
    InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
    boolean any = bound.getAddress().isAnyLocalAddress();
    this.endpoint = new Endpoint(any ? host : bound.getAddress().getHostAddress(), bound.getPort());
    int count = Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_PER_LOOP);
    for (int i = 0; i < count; i++) {
      loops.add(new IngestLoop("millrace-data-" + i));
    }
    RelayAcceptor acceptor = new RelayAcceptor(shared, server, loops);
    loops.forEach(IngestLoop::start);
    loops.get(0).execute(acceptor::open);
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
            new Bounds(MAX_FRAMES, MAX_BYTES),
            paused);
    return open(shared, settings.privateHost(), settings.dataPort());
  }

  static DataPort open(Shared shared, String host, int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("data port " + host + ":" + port + ": unknown host");
    }
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(address, BACKLOG);
      return new DataPort(shared, channel, host);
    } catch (IOException e) {
      channel.close();
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
    IngestLoop loop = loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    TcpRelayTransport transport =
        new TcpRelayTransport(
            shared, loop, new TcpRelayTransport.Route(key, lease.node(), address), listener);
    transport.connect();
    return transport;
  }

  /** Closes the port and every connection of both ends. */
  @Override
  public void close() {
    loops.forEach(IngestLoop::stop);
  }
}
