package io.millrace.node.placement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardCoordinator;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.pattern.Patterns;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * Where the coordinator puts slots: on the reachable origin with the fewest, not on a draining one;
 * busy ones on the origin with the fewest streams, among equals away from where publishers are. The
 * requester is not preferred (and after a crash is not even a region). Moves empty slots so that
 * every origin has its share, some at a time and only while every slot has a home, and busy ones,
 * one at a time, off a draining node; nothing while the membership is changing. Used by the
 * coordinator's actor only.
 */
public final class SlotAllocationStrategy extends ShardCoordinator.AbstractShardAllocationStrategy {

  /**
   * Empty slots of a node that has gone wait so long for their new home: each takes the coordinator
   * some milliseconds, one after the other, and those with streams come first.
   */
  private static final Duration AFTER_BUSY_SLOTS = Duration.ofMillis(1500);

  /** Empty slots that may be without a home because they are being moved. */
  private static final int MAX_EMPTY_MOVES = 16;

  /** The membership as the strategy needs it. */
  record Members(Address self, Set<Address> unreachable, boolean changing) {}

  /** A future that has this value after a while. */
  @FunctionalInterface
  interface Later {
    Future<ActorRef> after(Duration delay, ActorRef value);
  }

  /** What the coordinator calls itself when it asks for the slots of a node that has gone. */
  @FunctionalInterface
  interface Asker {
    boolean isCoordinator(ActorRef requester);
  }

  /** The membership now. */
  @FunctionalInterface
  interface Membership {
    Members now();
  }

  private final NodeLoads loads;
  private final int slotCount;
  private final Membership membership;
  private final Asker asker;
  private final Later later;

  /** Busy slots given to a node since it last told its load, by node name. */
  private final Map<String, Set<String>> placed = new HashMap<>();

  /** Empty slots on their way to a region that is not known to hold them yet: to which address. */
  private final Map<String, String> dealt = new HashMap<>();

  private Map<String, NodeLoad> seen = Map.of();

  SlotAllocationStrategy(
      NodeLoads loads, int slotCount, Membership membership, Asker asker, Later later) {
    this.loads = loads;
    this.slotCount = slotCount;
    this.membership = membership;
    this.asker = asker;
    this.later = later;
  }

  /**
   * @param slotCount of the whole cluster
   */
  public static SlotAllocationStrategy create(ActorSystem system, NodeLoads loads, int slotCount) {
    Cluster cluster = Cluster.get(system);
    ActorRef ignore = ((ExtendedActorSystem) system).provider().ignoreRef();
    return new SlotAllocationStrategy(
        loads,
        slotCount,
        () -> members(cluster),
        ignore::equals,
        (delay, value) ->
            FutureConverters.asScala(
                Patterns.after(
                    delay,
                    system.scheduler(),
                    system.dispatcher(),
                    () -> CompletableFuture.completedFuture(value))));
  }

  private static Members members(Cluster cluster) {
    CurrentClusterState state = cluster.state();
    Set<Address> unreachable =
        state.getUnreachable().stream()
            .map(Member::address)
            .collect(Collectors.toUnmodifiableSet());
    boolean changing = !unreachable.isEmpty();
    for (Member member : state.getMembers()) {
      changing |= !member.status().equals(MemberStatus.up());
    }
    return new Members(cluster.selfAddress(), unreachable, changing);
  }

  private record Region(ActorRef ref, List<String> slots, String address, NodeLoad load) {
    boolean draining() {
      return load != null && load.draining();
    }

    int streams() {
      return load == null ? 0 : load.streams();
    }

    int publishers() {
      return load == null ? 0 : load.publishers();
    }

    String name() {
      return load == null ? address : load.name();
    }
  }

  private static List<Region> regions(
      Map<ActorRef, IndexedSeq<String>> current, Members members, Map<String, NodeLoad> loads) {
    Map<String, NodeLoad> byAddress = new HashMap<>();
    loads.values().forEach(load -> byAddress.put(load.artery(), load));
    List<Region> regions = new ArrayList<>();
    current.forEach(
        (ref, slots) -> {
          Address path = ref.path().address();
          Address address = path.hasLocalScope() ? members.self() : path;
          if (!members.unreachable().contains(address)) {
            String text = address.toString();
            regions.add(
                new Region(
                    ref,
                    List.copyOf(CollectionConverters.asJava(slots)),
                    text,
                    byAddress.get(text)));
          }
        });
    regions.sort(Comparator.comparing(Region::address));
    return regions;
  }

  @Override
  public Future<ActorRef> allocateShard(
      ActorRef requester, String shardId, Map<ActorRef, IndexedSeq<String>> current) {
    List<Region> regions = regions(current, membership.now(), freshLoads());
    boolean busy = isBusy(shardId);
    if (!busy && asker.isCoordinator(requester)) {
      return afterBusySlots(shardId, regions, requester, current);
    }
    Comparator<Region> order = Comparator.comparing(Region::draining);
    if (busy) {
      order =
          order
              .thenComparing(region -> region.streams() + placedOn(region).size())
              .thenComparing(Region::publishers);
    }
    order = order.thenComparing(region -> region.slots().size());
    Optional<Region> best = regions.stream().min(order);
    if (busy) {
      best.ifPresent(region -> placedOn(region).add(shardId));
    }
    return Futures.successful(best.map(Region::ref).orElseGet(() -> any(requester, current)));
  }

  /**
   * The slot has been moved away, or its node has gone. Many of them are asked for at once, so what
   * was given away before counts.
   */
  private Future<ActorRef> afterBusySlots(
      String shardId,
      List<Region> regions,
      ActorRef requester,
      Map<ActorRef, IndexedSeq<String>> current) {
    List<Region> staying = regions.stream().filter(region -> !region.draining()).toList();
    if (staying.isEmpty()) {
      return Futures.successful(any(requester, current));
    }
    regions.forEach(region -> region.slots().forEach(dealt::remove));
    dealt.remove(shardId);
    Region fewest =
        staying.stream()
            .min(Comparator.comparingInt(region -> region.slots().size() + dealtTo(region)))
            .orElseThrow();
    dealt.put(shardId, fewest.address());
    return later.after(AFTER_BUSY_SLOTS, fewest.ref());
  }

  private int dealtTo(Region region) {
    return Collections.frequency(dealt.values(), region.address());
  }

  /** Nobody can be reached: the coordinator asks again, so any region will do. */
  private static ActorRef any(ActorRef requester, Map<ActorRef, IndexedSeq<String>> current) {
    return current.containsKey(requester) || current.isEmpty()
        ? requester
        : current.keySet().iterator().next();
  }

  private Map<String, NodeLoad> freshLoads() {
    Map<String, NodeLoad> now = loads.all();
    if (!now.equals(seen)) {
      now.forEach(
          (name, load) -> {
            if (!load.equals(seen.get(name))) {
              placed.remove(name);
            }
          });
      seen = now;
    }
    return now;
  }

  private Set<String> placedOn(Region region) {
    return placed.computeIfAbsent(region.name(), name -> new HashSet<>());
  }

  private boolean isBusy(String shardId) {
    return loads.streamsIn(Slot.ofShard(shardId).number()) > 0;
  }

  @Override
  public Future<Set<String>> rebalance(
      Map<ActorRef, IndexedSeq<String>> current, Set<String> rebalanceInProgress) {
    Members members = membership.now();
    if (members.changing() || !rebalanceInProgress.isEmpty()) {
      return Futures.successful(Set.of());
    }
    List<Region> regions = regions(current, members, freshLoads());
    List<Region> staying = regions.stream().filter(region -> !region.draining()).toList();
    if (staying.isEmpty()) {
      return Futures.successful(Set.of());
    }
    int homeless = slotCount - current.values().stream().mapToInt(IndexedSeq::size).sum();
    int room = homeless > 0 ? 0 : MAX_EMPTY_MOVES;
    Set<String> moves = new HashSet<>();
    for (Region region : regions) {
      if (region.draining()) {
        moves.addAll(leaving(region, room));
      }
    }
    return Futures.successful(moves.isEmpty() ? spreading(staying, room) : moves);
  }

  /** Empty slots of a draining node, and its busy ones, one at a time. */
  private Set<String> leaving(Region region, int room) {
    Set<String> leaving = empty(region, room);
    Optional<String> busy = region.slots().stream().filter(this::isBusy).findFirst();
    busy.ifPresent(leaving::add);
    return leaving;
  }

  /**
   * From the highest number down: {@link OwnerPlacement} fills the lower ones, of which this node
   * may not have heard yet.
   */
  private Set<String> empty(Region region, int most) {
    return region.slots().stream()
        .filter(slot -> !isBusy(slot))
        .sorted(Comparator.comparingInt((String slot) -> Slot.ofShard(slot).number()).reversed())
        .limit(most)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** Empty slots of the nodes with the most, so that the differences shrink. */
  private Set<String> spreading(List<Region> regions, int room) {
    int total = regions.stream().mapToInt(region -> region.slots().size()).sum();
    int share = (total + regions.size() - 1) / regions.size();
    boolean uneven = regions.stream().anyMatch(region -> region.slots().size() < share - 1);
    Set<String> moves = new HashSet<>();
    if (uneven) {
      for (Region region : regions) {
        int surplus = Math.min(region.slots().size() - share, room - moves.size());
        if (surplus > 0) {
          moves.addAll(empty(region, surplus));
        }
      }
    }
    return moves;
  }
}
