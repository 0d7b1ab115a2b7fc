package io.millrace.node.placement;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The newest load of every living node, this one included; a few seconds old. Written by {@link
 * LoadGossip}, read by anybody.
 */
public final class NodeLoads {
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
