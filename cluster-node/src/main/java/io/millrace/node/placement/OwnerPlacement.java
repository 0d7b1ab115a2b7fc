package io.millrace.node.placement;

import io.millrace.node.placement.NodeLoad.SlotUse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Puts a new stream on the origin with the most room, in an empty or least used slot there. What
 * was placed from here counts at once, until the gossip has had time to tell. With two or more
 * origins that have room, the owner is another node than the publisher's, so that one process that
 * dies never takes both.
 */
public final class OwnerPlacement implements Placement {
  /** By then a placed stream is in the gossip. */
  private static final Duration PENDING = Duration.ofSeconds(6);

  private record Placed(String node, int slot, long atNanos) {}

  private record Candidate(NodeLoad load, int pending) {
    double coresLeft() {
      return load.coresFree() - pending * load.coresPerStream();
    }

    boolean hasRoom() {
      return coresLeft() >= load.coresPerStream();
    }

    int streams() {
      return load.streams() + pending;
    }
  }

  private static final Comparator<Candidate> BEST =
      Comparator.comparing(Candidate::hasRoom)
          .reversed()
          .thenComparing(c -> c.load().coresPerStream() == 0 ? 0 : -c.coresLeft())
          .thenComparing(Candidate::streams)
          .thenComparing(c -> c.load().name());

  private final NodeLoads loads;
  private final String self;
  private final boolean apart;
  private final Placement fallback;
  private final int lastToMove;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Deque<Placed> pending = new ArrayDeque<>();

  /**
   * @param self name of this node, where the publishers are
   * @param apart avoid this node when another one has room too
   * @param slotCount of the whole cluster
   */
  public OwnerPlacement(
      NodeLoads loads,
      String self,
      boolean apart,
      int slotCount,
      LongSupplier nanos,
      RandomGenerator random) {
    this.loads = loads;
    this.self = self;
    this.apart = apart;
    this.fallback = Placement.byName(slotCount);
    this.lastToMove = slotCount / 8;
    this.nanos = nanos;
    this.random = random;
  }

  @Override
  public synchronized Slot choose(String streamId) {
    long now = nanos.getAsLong();
    while (!pending.isEmpty() && now - pending.peek().atNanos() > PENDING.toNanos()) {
      pending.poll();
    }
    List<Candidate> candidates = candidates();
    if (candidates.isEmpty()) {
      return fallback.choose(streamId);
    }
    NodeLoad best = best(candidates).load();
    int slot = leastUsed(best.slots());
    pending.add(new Placed(best.name(), slot, now));
    return new Slot(slot);
  }

  private List<Candidate> candidates() {
    Collection<NodeLoad> origins = loads.origins();
    return origins.stream()
        .filter(load -> !load.draining() && !load.slots().isEmpty())
        .map(load -> new Candidate(load, pendingOn(load.name())))
        .toList();
  }

  private Candidate best(List<Candidate> candidates) {
    List<Candidate> others =
        candidates.stream().filter(c -> !c.load().name().equals(self)).toList();
    boolean choice = apart && others.stream().anyMatch(Candidate::hasRoom);
    return (choice ? others : candidates).stream().min(BEST).orElseThrow();
  }

  /**
   * One with a low number: when slots are spread over new nodes those with the highest numbers go
   * first, before it is known where what was placed here. The lowest eighth of all stays even when
   * one node has everything and seven more start. A node that has just started may not have told of
   * all its slots, so only where it holds none of that eighth its own lower half must do.
   */
  private int leastUsed(List<SlotUse> slots) {
    List<Integer> least = new ArrayList<>();
    int fewest = Integer.MAX_VALUE;
    for (SlotUse use : slots) {
      int streams = use.streams() + pendingIn(use.slot());
      if (streams < fewest) {
        fewest = streams;
        least.clear();
      }
      if (streams == fewest) {
        least.add(use.slot());
      }
    }
    least.sort(null);
    long staying = least.stream().filter(slot -> slot < lastToMove).count();
    int lowest = staying > 0 ? (int) staying : (least.size() + 1) / 2;
    return least.get(random.nextInt(lowest));
  }

  private int pendingOn(String node) {
    return (int) pending.stream().filter(p -> p.node().equals(node)).count();
  }

  private int pendingIn(int slot) {
    return (int) pending.stream().filter(p -> p.slot() == slot).count();
  }
}
