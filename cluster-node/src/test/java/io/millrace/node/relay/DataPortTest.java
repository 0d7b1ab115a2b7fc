package io.millrace.node.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.node.cluster.Endpoint;
import io.millrace.protocol.relay.RelayMessage;
import io.millrace.protocol.relay.RelayProofs;
import io.millrace.protocol.relay.RelayReader;
import io.millrace.protocol.relay.RelayWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two data ports, and peers that do not behave. */
class DataPortTest extends RelayTransportContract {
  private static final String SECRET = "one for all";
  private static final LeaseKey LEASE = new LeaseKey("cam", 2, 5);

  private final LocalOwners owners = new LocalOwners();
  private final AtomicBoolean paused = new AtomicBoolean();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T closing(T resource) {
    open.add(resource);
    return resource;
  }

  private DataPort owner(int maxFrames) throws IOException {
    return closing(DataPorts.open("owner", SECRET, owners, maxFrames, meters, paused));
  }

  private DataPort ingest(String secret, int maxFrames) throws IOException {
    return closing(DataPorts.open("ingest", secret, new LocalOwners(), maxFrames));
  }

  private CompletableFuture<OwnerLink> expect(LeaseKey lease) {
    CompletableFuture<OwnerLink> link = new CompletableFuture<>();
    owners.expect(lease, link::complete);
    return link;
  }

  private RelayTransport connect(DataPort from, Endpoint to, String node, long epoch) {
    return from.connector()
        .connect("cam", DataPorts.lease(to, node, epoch), recorder)
        .orElseThrow();
  }

  @Override
  Ends connect(int maxFrames, RelayTransport.Listener listener) throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    RelayTransport transport =
        ingest(SECRET, maxFrames)
            .connector()
            .connect("cam", DataPorts.lease(owner(maxFrames).endpoint(), "owner", 2), listener)
            .orElseThrow();
    return new Ends(transport, link.get(10, TimeUnit.SECONDS));
  }

  // --- the way is found or not ------------------------------------------------------------------

  @Test
  void takesFramesBeforeItIsConnected() throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    RelayTransport transport = connect(ingest(SECRET, 10), owner(10).endpoint(), "owner", 2);
    assertThat(transport.send(unit(0))).isTrue();
    assertThat(new OwnerReader(link.get()).nextSeq()).isZero();
    assertThat(recorder.nextOfAny()).isEqualTo("opened");
  }

  @Test
  void staysWithinTheProcessForAnOwnerOnTheSameNode() throws Exception {
    DataPort port = owner(10);
    CompletableFuture<OwnerLink> link = expect(LEASE);
    assertThat(connect(port, port.endpoint(), "owner", 2)).isInstanceOf(InProcessLink.class);
    assertThat(
            port.connector().connect("cam", DataPorts.lease(port.endpoint(), "owner", 9), recorder))
        .isEmpty();
    assertThat(link).isCompletedWithValueMatching(InProcessLink.class::isInstance);
  }

  @Test
  void isLostWhenThePortIsClosed() throws Exception {
    Endpoint nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = new Endpoint("127.0.0.1", socket.getLocalPort());
    }
    connect(ingest(SECRET, 10), nobody, "owner", 2);
    assertThat(recorder.nextOfAny()).isEqualTo("lost");
  }

  @Test
  void isLostWhenNoOwnerWaitsForTheEpoch() throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    connect(ingest(SECRET, 10), owner(10).endpoint(), "owner", 3);
    assertThat(recorder.nextOfAny()).isEqualTo("lost");
    assertThat(link).isNotDone();
  }

  @Test
  void letsNobodyInWithAnotherSecret() throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    connect(ingest("another", 10), owner(10).endpoint(), "owner", 2);
    assertThat(recorder.nextOfAny()).isEqualTo("lost");
    assertThat(link).isNotDone();
  }

  @Test
  void takesNoRelayOnANodeThatHasJustWoken() throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    paused.set(true);
    DataPort owner = owner(10);
    DataPort ingest = ingest(SECRET, 10);
    connect(ingest, owner.endpoint(), "owner", 2);
    assertThat(recorder.nextOfAny()).isEqualTo("lost");
    assertThat(link).isNotDone();
    paused.set(false);
    connect(ingest, owner.endpoint(), "owner", 2);
    assertThat(recorder.nextOfAny()).isEqualTo("opened");
  }

  @Test
  void doesNotTrustAnOwnerOfAnotherName() throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    connect(ingest(SECRET, 10), owner(10).endpoint(), "somebody", 2);
    assertThat(recorder.nextOfAny()).isEqualTo("lost");
    assertThat(link).isNotDone();
  }

  @Test
  void isLostWhenTheOwnerDoesNotAnswer() throws Exception {
    ServerSocket deaf = closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    connect(ingest(SECRET, 10), new Endpoint("127.0.0.1", deaf.getLocalPort()), "owner", 2);
    assertThat(recorder.nextOfAny()).isEqualTo("lost");
  }

  // --- the way is cut ---------------------------------------------------------------------------

  @Test
  void isLostWhenTheOwnersNodeGoes() throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    DataPort owner = owner(10);
    connect(ingest(SECRET, 10), owner.endpoint(), "owner", 2);
    link.get();
    owner.close();
    assertThat(recorder.next()).isEqualTo("lost");
  }

  @Test
  void showsTheOwnerARelayThatDiedAsBrokenAndTakesItAgain() throws Exception {
    CompletableFuture<OwnerLink> first = expect(LEASE);
    DataPort owner = owner(10);
    DataPort ingest = ingest(SECRET, 10);
    connect(ingest, owner.endpoint(), "owner", 2).send(unit(0));
    OwnerReader reader = new OwnerReader(first.get());
    assertThat(reader.nextSeq()).isZero();
    ingest.close();
    assertThat(reader.next()).isEqualTo(new RelayFrame.Broken());

    CompletableFuture<OwnerLink> second = expect(LEASE);
    connect(ingest(SECRET, 10), owner.endpoint(), "owner", 2).send(unit(1));
    assertThat(new OwnerReader(second.get()).nextSeq()).isEqualTo(1);
  }

  @Test
  void keepsAnOwnerThatTakesNothingForLongerThanSilenceMayLast() throws Exception {
    Ends ends = connect(4, recorder);
    int sent = fill(ends);
    assertThat(recorder.isNotLostFor(DataPorts.TIMES.dead().multipliedBy(3).dividedBy(2))).isTrue();
    OwnerReader owner = new OwnerReader(ends.owner());
    for (int seq = 0; seq < sent; seq++) {
      assertThat(owner.nextSeq()).isEqualTo(seq);
    }
  }

  @Test
  void staysOpenWithoutMediaByHeartbeats() throws Exception {
    Ends ends = connect(4, recorder);
    assertThat(recorder.isNotLostFor(DataPorts.TIMES.dead().multipliedBy(3).dividedBy(2))).isTrue();
    ends.ingest().send(unit(0));
    assertThat(new OwnerReader(ends.owner()).nextSeq()).isZero();
  }

  // --- peers that do not behave -----------------------------------------------------------------

  @Test
  void givesUpAPeerThatFallsSilentWithItsSocketOpen() throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    RawPeer peer = closing(new RawPeer(owner(10).endpoint()));
    peer.authenticate(LEASE);
    OwnerReader reader = new OwnerReader(link.get());
    assertThat(reader.next()).isEqualTo(new RelayFrame.Broken());
    assertThat(meters.counter("millrace.data.timeouts").count()).isEqualTo(1);
  }

  @Test
  void closesAPeerThatDeclaresTooMuch() throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    RawPeer peer = closing(new RawPeer(owner(10).endpoint()));
    peer.authenticate(LEASE);
    peer.send(ByteBuffer.allocate(5).putInt(64 << 20).put((byte) 16).flip());
    assertThat(new OwnerReader(link.get()).next()).isEqualTo(new RelayFrame.Broken());
    assertThat(meters.counter("millrace.data.malformed").count()).isEqualTo(1);
  }

  @Test
  void closesAStrangerThatBeginsWithAUnit() throws Exception {
    RawPeer peer = closing(new RawPeer(owner(10).endpoint()));
    peer.send(ByteBuffer.allocate(5).putInt(2000).put((byte) 16).flip());
    assertThat(peer.isClosedByOwner()).isTrue();
  }

  @Test
  void closesAStrangerThatSpeaksHttp() throws Exception {
    RawPeer peer = closing(new RawPeer(owner(10).endpoint()));
    peer.send(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    assertThat(peer.isClosedByOwner()).isTrue();
  }

  @Test
  void closesAStrangerThatSaysNothing() throws Exception {
    RawPeer peer = closing(new RawPeer(owner(10).endpoint()));
    assertThat(peer.isClosedByOwner()).isTrue();
  }

  @Test
  void takesNoFrameOfAnotherEpoch() throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    RawPeer peer = closing(new RawPeer(owner(10).endpoint()));
    peer.authenticate(LEASE);
    peer.send(RelayWriter.frame(new RelayMessage.Dropped(LEASE.epoch() - 1, 5, 0, 1)));
    assertThat(new OwnerReader(link.get()).next()).isEqualTo(new RelayFrame.Broken());
  }

  @Test
  void takesNoProofThatWasMadeForAnotherLease() throws Exception {
    CompletableFuture<OwnerLink> link = expect(LEASE);
    RawPeer peer = closing(new RawPeer(owner(10).endpoint()));
    RelayMessage.Hello hello = RawPeer.hello(LEASE);
    RelayMessage.Challenge challenge = peer.challenge(hello);
    RelayMessage.Hello other = RawPeer.hello(new LeaseKey("other", 2, 5));
    byte[] proof = RawPeer.PROOFS.ingest(other, challenge.nonce(), challenge.node());
    peer.send(RelayWriter.frame(new RelayMessage.Proof(proof)));
    assertThat(peer.next()).isInstanceOf(RelayMessage.Refused.class);
    assertThat(link).isNotDone();
    assertThat(meters.counter("millrace.data.refused").count()).isEqualTo(1);
  }

  /** A peer that sends what a test wants. */
  private static final class RawPeer implements AutoCloseable {
    static final RelayProofs PROOFS = new RelayProofs(SECRET.getBytes(StandardCharsets.UTF_8));

    private final Socket socket;
    private final RelayReader reader = new RelayReader();
    private final List<RelayMessage> received = new ArrayList<>();

    RawPeer(Endpoint endpoint) throws IOException {
      socket = new Socket(endpoint.host(), endpoint.port());
      socket.setSoTimeout(10_000);
    }

    static RelayMessage.Hello hello(LeaseKey lease) {
      return new RelayMessage.Hello(
          new byte[32], "raw", lease.streamId(), lease.epoch(), lease.session());
    }

    void send(ByteBuffer bytes) throws IOException {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      socket.getOutputStream().write(copy);
    }

    RelayMessage next() throws Exception {
      InputStream in = socket.getInputStream();
      while (received.isEmpty()) {
        int next = in.read();
        assertThat(next).as("a byte of the next frame").isNotNegative();
        reader.read(ByteBuffer.wrap(new byte[] {(byte) next}), received::add);
      }
      return received.remove(0);
    }

    RelayMessage.Challenge challenge(RelayMessage.Hello hello) throws Exception {
      send(RelayWriter.frame(hello));
      return (RelayMessage.Challenge) next();
    }

    void authenticate(LeaseKey lease) throws Exception {
      RelayMessage.Hello hello = hello(lease);
      RelayMessage.Challenge challenge = challenge(hello);
      byte[] proof = PROOFS.ingest(hello, challenge.nonce(), challenge.node());
      send(RelayWriter.frame(new RelayMessage.Proof(proof)));
      assertThat(next()).isInstanceOf(RelayMessage.Welcome.class);
    }

    boolean isClosedByOwner() throws IOException {
      try {
        return socket.getInputStream().read() < 0;
      } catch (java.net.SocketException e) {
        return e.getMessage().contains("reset");
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
