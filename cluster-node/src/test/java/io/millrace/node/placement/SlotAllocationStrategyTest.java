package io.millrace.node.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.TestKits;
import io.millrace.node.placement.NodeLoad.SlotUse;
import io.millrace.node.placement.SlotAllocationStrategy.Members;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.EmptyLocalActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.dispatch.Futures;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Await;
import scala.concurrent.Future;
import scala.concurrent.duration.Duration;
import scala.jdk.javaapi.CollectionConverters;

class SlotAllocationStrategyTest {
  private static final ActorTestKit KIT = TestKits.local();
  private static final Address SELF = AddressFromURIString.parse(Loads.address("n1"));

  private static final ActorRef COORDINATOR =
      ((ExtendedActorSystem) KIT.system().classicSystem()).provider().ignoreRef();

  private final List<String> delayed = new ArrayList<>();
  private final Map<ActorRef, IndexedSeq<String>> current = new HashMap<>();
  private Set<Address> unreachable = Set.of();
  private boolean changing;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static ActorRef region(String node) {
    ExtendedActorSystem system = (ExtendedActorSystem) KIT.system().classicSystem();
    Address address = AddressFromURIString.parse(Loads.address(node));
    return new EmptyLocalActorRef(
        system.provider(), new RootActorPath(address, "/").child("region"), system.eventStream());
  }

  private void holds(String node, int from, int to) {
    List<String> slots = IntStream.range(from, to).mapToObj(n -> "s" + n).toList();
    current.put(region(node), CollectionConverters.asScala(slots).toIndexedSeq());
  }

  private SlotAllocationStrategy strategy(NodeLoad... loads) {
    return strategy(Loads.known(loads));
  }

  /** In a cluster of as many slots as are held now. */
  private SlotAllocationStrategy strategy(NodeLoads loads) {
    return new SlotAllocationStrategy(
        loads,
        current.values().stream().mapToInt(IndexedSeq::size).sum(),
        () -> new Members(SELF, unreachable, changing),
        COORDINATOR::equals,
        (delay, region) -> {
          delayed.add(region.path().address().host().get());
          return Futures.successful(region);
        });
  }

  private static <T> T get(Future<T> future) throws Exception {
    return Await.result(future, Duration.create(5, "seconds"));
  }

  private String allocate(SlotAllocationStrategy strategy, String slot) throws Exception {
    ActorRef nobody = KIT.system().classicSystem().deadLetters();
    return get(strategy.allocateShard(nobody, slot, current)).path().address().host().get();
  }

  @Test
  void putsASlotOnTheReachableOriginWithTheFewest() throws Exception {
    holds("n1", 0, 5);
    holds("n2", 5, 8);
    holds("n3", 8, 9);
    unreachable = Set.of(AddressFromURIString.parse(Loads.address("n3")));

    assertThat(allocate(strategy(), "s20")).isEqualTo("n2");
  }

  @Test
  void putsNothingOnADrainingNode() throws Exception {
    holds("n1", 0, 5);
    holds("n2", 5, 6);

    assertThat(allocate(strategy(Loads.of("n1", 0), Loads.draining("n2")), "s20")).isEqualTo("n1");
  }

  @Test
  void spreadsTheBusySlotsOfADeadNodeByStreams() throws Exception {
    NodeLoads loads =
        Loads.known(
            Loads.of("n1", 4),
            Loads.of("n2", 1),
            Loads.of("n3", 4, busy(20), busy(21), busy(22), busy(23)));
    SlotAllocationStrategy strategy = strategy(loads);
    holds("n1", 0, 5);
    holds("n2", 5, 10);

    assertThat(allocate(strategy, "s20")).isEqualTo("n2");
    assertThat(allocate(strategy, "s21")).isEqualTo("n2");
    assertThat(allocate(strategy, "s22")).isEqualTo("n2");
  }

  @Test
  void putsABusySlotAwayFromPublishersWhenThatIsAllTheDifference() throws Exception {
    SlotAllocationStrategy strategy =
        strategy(Loads.withPublishers("n1", 1), Loads.of("n2", 0), Loads.of("n3", 1, busy(20)));
    holds("n1", 0, 5);
    holds("n2", 5, 15);

    assertThat(allocate(strategy, "s20")).isEqualTo("n2");
  }

  @Test
  void dealsOutTheEmptySlotsOfADeadNodeAfterItsBusyOnes() throws Exception {
    NodeLoads loads =
        Loads.known(
            Loads.of("n1", 0), Loads.of("n2", 0), Loads.of("n3", 1, busy(20), new SlotUse(21, 0)));
    SlotAllocationStrategy strategy = strategy(loads);
    holds("n1", 0, 5);
    holds("n2", 5, 11);

    for (String slot : List.of("s20", "s21", "s22", "s23")) {
      get(strategy.allocateShard(COORDINATOR, slot, current));
    }

    assertThat(delayed).containsExactly("n1", "n1", "n2");
  }

  @Test
  void countsADealtSlotOnce() throws Exception {
    SlotAllocationStrategy strategy = strategy();
    holds("n1", 15, 20);
    holds("n2", 0, 5);

    for (String askedFor : List.of("s20", "s20", "s21")) {
      get(strategy.allocateShard(COORDINATOR, askedFor, current));
    }
    holds("n1", 15, 21);
    for (String askedFor : List.of("s22", "s23")) {
      get(strategy.allocateShard(COORDINATOR, askedFor, current));
    }

    assertThat(delayed).containsExactly("n1", "n1", "n2", "n1", "n2");
  }

  private static SlotUse busy(int slot) {
    return new SlotUse(slot, 1);
  }

  @Test
  void movesNothingWhileTheMembershipChanges() throws Exception {
    holds("n1", 0, 30);
    holds("n2", 30, 30);
    changing = true;

    assertThat(get(strategy().rebalance(current, Set.of()))).isEmpty();
    changing = false;
    assertThat(get(strategy().rebalance(current, Set.of("s1")))).isEmpty();
  }

  @Test
  void givesANewNodeItsShareOfEmptySlotsOnly() throws Exception {
    holds("n1", 0, 30);
    holds("n2", 30, 30);
    SlotUse[] uses =
        IntStream.range(0, 25).mapToObj(SlotAllocationStrategyTest::busy).toArray(SlotUse[]::new);

    Set<String> moved = get(strategy(Loads.of("n1", 25, uses)).rebalance(current, Set.of()));

    assertThat(moved).containsExactlyInAnyOrder("s25", "s26", "s27", "s28", "s29");
  }

  @Test
  void movesNoSlotThatAStreamMayJustHaveBeenPutInto() throws Exception {
    holds("n1", 0, 256);
    for (int joined = 2; joined <= 8; joined++) {
      holds("n" + joined, 0, 0);
    }
    SlotUse[] told =
        IntStream.iterate(5, slot -> slot < 256, slot -> slot + 17)
            .mapToObj(slot -> new SlotUse(slot, 0))
            .toArray(SlotUse[]::new);
    NodeLoad someOfItsSlots = Loads.of("n1", 0, told);
    SlotAllocationStrategy strategy = strategy(someOfItsSlots);
    Set<String> filled = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      filled.add(placement(someOfItsSlots, seed).choose("cam").shardId());
    }

    int left = 256;
    for (Set<String> moved = next(strategy); !moved.isEmpty(); moved = next(strategy)) {
      assertThat(moved).doesNotContainAnyElementsOf(filled);
      left -= moved.size();
      holds("n1", 0, left);
      for (int joined = 2; joined <= 8; joined++) {
        int given = 256 - left;
        holds("n" + joined, left + (joined - 2) * given / 7, left + (joined - 1) * given / 7);
      }
    }

    assertThat(left).isLessThan(40);
  }

  private static OwnerPlacement placement(NodeLoad load, int seed) {
    return new OwnerPlacement(Loads.known(load), "n9", true, 256, () -> 0, new Random(seed));
  }

  private Set<String> next(SlotAllocationStrategy strategy) throws Exception {
    return get(strategy.rebalance(current, Set.of()));
  }

  @Test
  void movesNoEmptySlotWhileOneHasNoHome() throws Exception {
    holds("n1", 0, 30);
    holds("n2", 30, 30);
    SlotAllocationStrategy strategy = strategy();

    Set<String> moved = next(strategy);
    assertThat(moved).hasSize(15);
    holds("n1", 0, 15);
    holds("n2", 15, 29);
    assertThat(next(strategy)).isEmpty();
    holds("n2", 15, 30);
    assertThat(next(strategy)).isEmpty();
    holds("n3", 30, 30);
    assertThat(next(strategy)).hasSize(10);
  }

  @Test
  void movesBusySlotsOffADrainingNodeWhileOthersHaveNoHome() throws Exception {
    holds("n1", 0, 10);
    holds("n2", 10, 20);
    SlotUse[] uses = {busy(0), busy(1), new SlotUse(2, 0)};
    SlotAllocationStrategy strategy = strategy(Loads.draining("n1", uses), Loads.of("n2", 0));
    holds("n2", 10, 19);

    assertThat(next(strategy)).containsAnyOf("s0", "s1").hasSize(1);
  }

  @Test
  void leavesAnEvenSpreadAlone() throws Exception {
    holds("n1", 0, 86);
    holds("n2", 86, 171);
    holds("n3", 171, 256);

    assertThat(get(strategy().rebalance(current, Set.of()))).isEmpty();
  }

  @Test
  void takesOneBusySlotAtATimeOffADrainingNode() throws Exception {
    holds("n1", 0, 3);
    holds("n2", 3, 4);
    SlotUse[] uses = {busy(0), busy(1), new SlotUse(2, 0)};

    Set<String> moved =
        get(strategy(Loads.draining("n1", uses), Loads.of("n2", 0)).rebalance(current, Set.of()));

    Set<String> busy = new HashSet<>(moved);
    busy.retainAll(Arrays.asList("s0", "s1"));
    assertThat(busy).hasSize(1);
    assertThat(moved).contains("s2").hasSize(2);
  }

  @Test
  void keepsTheStreamsOfTheLastOrigin() throws Exception {
    holds("n1", 0, 3);

    assertThat(get(strategy(Loads.draining("n1", busy(0))).rebalance(current, Set.of()))).isEmpty();
  }
}
