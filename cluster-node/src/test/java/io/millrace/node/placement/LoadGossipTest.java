package io.millrace.node.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.TestKits;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.cluster.NodeIdentity;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.Leave;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes that tell each other of their load, over real Distributed Data. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class LoadGossipTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Node one = new Node("one");
  private final Node two = new Node("two");
  private final TestProbe<Void> probe = one.kit.createTestProbe();

  @AfterEach
  void stop() {
    two.kit.shutdownTestKit();
    one.kit.shutdownTestKit();
  }

  private void await(Runnable assertion) {
    probe.awaitAssert(
        PATIENCE,
        () -> {
          assertion.run();
          return null;
        });
  }

  @Test
  void everyNodeKnowsEachLoadUntilItsNodeHasLeft() {
    Address seed = one.join(one.address());
    two.join(seed);

    await(() -> assertThat(one.loads.all()).containsOnlyKeys("one", "two"));
    await(() -> assertThat(two.loads.all()).containsOnlyKeys("one", "two"));
    NodeLoad seen = one.loads.get("two").orElseThrow();
    assertThat(seen.artery()).isEqualTo(two.address().toString());
    assertThat(seen.data()).isEqualTo(new Endpoint("two", 1936));

    two.publishers.set(5);
    two.gossip.tell(LoadGossip.SayNow.INSTANCE);
    await(() -> assertThat(one.loads.get("two").orElseThrow().publishers()).isEqualTo(5));

    var unused = two.drain.begin();
    await(() -> assertThat(one.loads.get("two").orElseThrow().draining()).isTrue());
    await(() -> assertThat(two.drain.nobodyTakes().toCompletableFuture()).isDone());
    assertThat(one.drain.nobodyTakes().toCompletableFuture()).isNotDone();

    Cluster.get(two.kit.system()).manager().tell(Leave.create(two.address()));
    await(() -> assertThat(one.loads.all()).containsOnlyKeys("one"));
  }

  @Test
  void theFirstRoundEndsWhenEachSlotHasAHomeOrAfterAWhile() {
    one.slots = 1;
    Address seed = one.join(one.address());
    two.join(seed);
    await(() -> assertThat(two.firstRound).isDone());
    assertThat(one.firstRound).isNotDone();
    await(() -> assertThat(one.firstRound).isDone());
  }

  /** Without any role: it holds no slots. */
  private static final class Node {
    private final ActorTestKit kit = TestKits.clustered();
    private final NodeLoads loads = new NodeLoads();
    private final NodeDrain drain = new NodeDrain();
    private final AtomicInteger publishers = new AtomicInteger();
    private final CompletableFuture<Done> firstRound = new CompletableFuture<>();
    private final String name;
    private int slots;
    private ActorRef<LoadGossip.Command> gossip;

    Node(String name) {
      this.name = name;
    }

    Address address() {
      return Cluster.get(kit.system()).selfMember().address();
    }

    Address join(Address seed) {
      Cluster.get(kit.system()).manager().tell(Join.create(seed));
      NodeIdentity identity = new NodeIdentity(name, new Endpoint(name, 1936), Endpoint.NONE);
      NodeLoads.Own own =
          new NodeLoads.Own(4, () -> 4, false, () -> 0, publishers::get, () -> 0, drain);
      gossip =
          kit.spawn(
              LoadGossip.create(
                  loads,
                  identity,
                  own,
                  Duration.ofMillis(500),
                  new LoadGossip.FirstRound(slots, firstRound)));
      drain.tells(gossip);
      return address();
    }
  }
}
