package io.millrace.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.TestKits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.ClusterEvent.ReachabilityEvent;
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.util.Version;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** Who is taken out at once, and who is left to the split-brain resolver; with real ports. */
class QuickDownTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  /** Several rounds of questions. */
  private static final Duration LONG_ENOUGH = Duration.ofMillis(1500);

  private final ActorTestKit testKit = TestKits.local();
  private final TestProbe<Address> downed = testKit.createTestProbe();
  private final List<ServerSocket> open = new ArrayList<>();
  private final Cluster cluster = new Cluster();
  private Member self;

  @BeforeEach
  void listen() throws IOException {
    self = member(listening());
  }

  @AfterEach
  void stop() throws IOException {
    testKit.shutdownTestKit();
    for (ServerSocket socket : open) {
      socket.close();
    }
  }

  private int listening() throws IOException {
    ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    open.add(socket);
    return socket.getLocalPort();
  }

  private static int closed() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Member member(int port) {
    return member(port, MemberStatus.up());
  }

  private static Member member(int port, MemberStatus status) {
    Address address = new Address("pekko", "millrace", "127.0.0.1", port);
    return new Member(
        new UniqueAddress(address, (long) port),
        port,
        status,
        CollectionConverters.asScala(Set.of("origin")).toSet(),
        Version.Zero());
  }

  private void start(Function<Address, List<Endpoint>> ports) {
    testKit.spawn(QuickDown.create(cluster, ports));
  }

  private void start() {
    start(address -> List.of());
  }

  private void unreachable(Member... members) {
    cluster.unreachable = Set.of(members);
    ActorRef<ReachabilityEvent> listener =
        downed.awaitAssert(
            SOON,
            () -> {
              assertThat(cluster.listener).isNotNull();
              return cluster.listener;
            });
    for (Member member : members) {
      listener.tell(new UnreachableMember(member));
    }
  }

  @Test
  void takesOutAProcessThatRefusesConnections() throws IOException {
    Member killed = member(closed());
    cluster.members = List.of(self, member(listening()), killed);
    start();
    unreachable(killed);

    assertThat(downed.receiveMessage(SOON)).isEqualTo(killed.address());
  }

  @Test
  void takesOutTwoOfFiveAtOnce() throws IOException {
    Member one = member(closed());
    Member two = member(closed());
    cluster.members = List.of(self, member(listening()), member(listening()), one, two);
    start();
    unreachable(one, two);

    assertThat(List.of(downed.receiveMessage(SOON), downed.receiveMessage(SOON)))
        .containsExactlyInAnyOrder(one.address(), two.address());
  }

  @Test
  void leavesAProcessAloneWhoseOtherPortsAnswer() throws IOException {
    Member hung = member(closed());
    Endpoint data = new Endpoint("127.0.0.1", listening());
    cluster.members = List.of(self, member(listening()), hung);
    start(address -> address.equals(hung.address()) ? List.of(data) : List.of());
    unreachable(hung);

    downed.expectNoMessage(LONG_ENOUGH);
  }

  @Test
  void leavesAllAloneWhileOneOfThemAnswers() throws IOException {
    Member killed = member(closed());
    Member cutOff = member(listening());
    cluster.members = List.of(self, member(listening()), member(listening()), killed, cutOff);
    start();
    unreachable(killed, cutOff);

    downed.expectNoMessage(LONG_ENOUGH);
  }

  @Test
  void doesNothingWithoutAMajority() throws IOException {
    Member one = member(closed());
    Member two = member(closed());
    cluster.members = List.of(self, one, two);
    start();
    unreachable(one, two);

    downed.expectNoMessage(LONG_ENOUGH);
  }

  @Test
  void countsNoMemberThatRefusesConnectionsAsLeft() throws IOException {
    Member noticed = member(closed());
    Member notYetNoticed = member(closed());
    cluster.members = List.of(self, noticed, notYetNoticed);
    start();
    unreachable(noticed);

    downed.expectNoMessage(LONG_ENOUGH);
  }

  @Test
  void countsItselfAsLeftWhereItCannotReachItsOwnAddress() throws IOException {
    Member killed = member(closed());
    self = member(closed());
    cluster.members = List.of(self, member(listening()), killed);
    start();
    unreachable(killed);

    assertThat(downed.receiveMessage(SOON)).isEqualTo(killed.address());
  }

  @Test
  void countsNotItselfAsLeftWhileItIsJoining() throws IOException {
    Member noticed = member(closed());
    Member notYetNoticed = member(closed());
    self = member(listening(), MemberStatus.joining());
    cluster.members =
        List.of(self, member(listening()), member(listening()), noticed, notYetNoticed);
    start();
    unreachable(noticed);

    downed.expectNoMessage(LONG_ENOUGH);
  }

  private final class Cluster implements QuickDown.Membership {
    private volatile List<Member> members = List.of();
    private volatile Set<Member> unreachable = Set.of();
    private volatile ActorRef<ReachabilityEvent> listener;

    @Override
    public Address self() {
      return self.address();
    }

    @Override
    public CurrentClusterState state() {
      return new CurrentClusterState(
          scala.collection.immutable.TreeSet$.MODULE$.from(
              CollectionConverters.asScala(members), Member.ordering()),
          CollectionConverters.asScala(unreachable).toSet(),
          CollectionConverters.asScala(Set.<Address>of()).toSet(),
          scala.Option.empty(),
          scala.collection.immutable.Map$.MODULE$.empty(),
          CollectionConverters.asScala(Set.<String>of()).toSet(),
          CollectionConverters.asScala(Set.<UniqueAddress>of()).toSet());
    }

    @Override
    public void subscribe(ActorRef<ReachabilityEvent> newListener) {
      listener = newListener;
    }

    @Override
    public void down(Address member) {
      downed.getRef().tell(member);
    }
  }
}
