package io.millrace.node.placement;

import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.placement.NodeLoad.SlotUse;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import org.apache.pekko.cluster.Member;

/**
 * The newest load of every living node, this one included; a few seconds old. Written by {@link
 * LoadGossip}, read by anybody.
 */
public final class NodeLoads {
  /**
   * Where the figures of this node come from; all read on the gossip's thread.
   *
   * @param cores that transcoding may use
   * @param ladder whether streams take any of them
   */
  public record Own(
      double cores,
      DoubleSupplier coresFree,
      boolean ladder,
      IntSupplier streams,
      IntSupplier publishers,
      IntSupplier viewers,
      NodeDrain drain) {

    /** What a stream takes that nobody has measured yet. */
    private static final double GUESS = 1;

    NodeLoad load(NodeIdentity self, Member member, List<SlotUse> slots) {
      int owned = streams.getAsInt();
      double free = coresFree.getAsDouble();
      double measured = owned == 0 ? GUESS : (cores - free) / owned;
      return new NodeLoad(
          self.name(),
          member.address().toString(),
          member.uniqueAddress().longUid(),
          self.data(),
          self.internalHttp(),
          Set.copyOf(roles(member)),
          cores,
          free,
          ladder ? measured : 0,
          owned,
          publishers.getAsInt(),
          viewers.getAsInt(),
          slots,
          drain.isOn());
    }

    /** Without those that Pekko adds. */
    private static List<String> roles(Member member) {
      return member.getRoles().stream().filter(role -> !role.startsWith("dc-")).toList();
    }
  }

  private volatile Map<String, NodeLoad> loads = Map.of();
  private volatile Set<String> unreachable = Set.of();
  private volatile Map<Integer, Integer> streamsBySlot = Map.of();

  /** By node name; nodes that are members but cannot be reached now are among them. */
  public Map<String, NodeLoad> all() {
    return loads;
  }

  public Optional<NodeLoad> get(String nodeName) {
    return Optional.ofNullable(loads.get(nodeName));
  }

  /** A node beside {@code self} can take streams. */
  public boolean hasOtherOrigin(String self) {
    return origins().stream().anyMatch(load -> !load.draining() && !load.name().equals(self));
  }

  /**
   * No node beside {@code self} takes streams, now or when it can be reached again: one that is
   * only out of reach is waited for.
   */
  boolean othersDrain(String self) {
    return loads.values().stream()
        .filter(load -> load.isOrigin() && !load.name().equals(self))
        .allMatch(NodeLoad::draining);
  }

  /** Nodes that may own streams and can be reached from here. */
  Collection<NodeLoad> origins() {
    Set<String> avoid = unreachable;
    return loads.values().stream()
        .filter(NodeLoad::isOrigin)
        .filter(load -> !avoid.contains(load.artery()))
        .toList();
  }

  /** Streams in a slot as its holder said last, even if that is gone by now. */
  int streamsIn(int slot) {
    return streamsBySlot.getOrDefault(slot, 0);
  }

  /** Slots that some living node holds. */
  Set<Integer> heldSlots() {
    Set<Integer> held = new HashSet<>();
    loads.values().forEach(load -> load.slots().forEach(use -> held.add(use.slot())));
    return held;
  }

  /**
   * @param living newest load of each member
   * @param unreachableAddresses as {@link NodeLoad#artery()}
   */
  void publish(Map<String, NodeLoad> living, Set<String> unreachableAddresses) {
    Map<Integer, Integer> bySlot = new HashMap<>(streamsBySlot);
    living
        .values()
        .forEach(load -> load.slots().forEach(use -> bySlot.put(use.slot(), use.streams())));
    streamsBySlot = Map.copyOf(bySlot);
    unreachable = Set.copyOf(unreachableAddresses);
    loads = Map.copyOf(living);
  }
}
