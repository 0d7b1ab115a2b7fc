package io.millrace.node.placement;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.sharding.ShardCoordinator;
import org.apache.pekko.dispatch.Futures;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;

/**
 * Puts a slot on the reachable node with the fewest slots; never moves one by itself. The requester
 * is not preferred (and after a crash is not even a region).
 */
public final class SlotAllocationStrategy extends ShardCoordinator.AbstractShardAllocationStrategy {
  private final Supplier<Set<Address>> unreachable;

  SlotAllocationStrategy(Supplier<Set<Address>> unreachable) {
    this.unreachable = unreachable;
  }

  public static SlotAllocationStrategy create(ActorSystem system) {
    Cluster cluster = Cluster.get(system);
    return new SlotAllocationStrategy(
        () ->
            cluster.state().getUnreachable().stream()
                .map(Member::address)
                .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public Future<ActorRef> allocateShard(
      ActorRef requester, String shardId, Map<ActorRef, IndexedSeq<String>> current) {
    Set<Address> avoid = unreachable.get();
    Comparator<Map.Entry<ActorRef, IndexedSeq<String>>> reachableFirst =
        Comparator.comparing(e -> avoid.contains(e.getKey().path().address()));
    Comparator<Map.Entry<ActorRef, IndexedSeq<String>>> order =
        reachableFirst
            .thenComparingInt(e -> e.getValue().size())
            .thenComparing(e -> e.getKey().path().toString());
    return current.entrySet().stream()
        .min(order)
        .map(e -> Futures.successful(e.getKey()))
        .orElseGet(() -> Futures.successful(requester));
  }

  @Override
  public Future<Set<String>> rebalance(
      Map<ActorRef, IndexedSeq<String>> current, Set<String> rebalanceInProgress) {
    return Futures.successful(Set.of());
  }
}
