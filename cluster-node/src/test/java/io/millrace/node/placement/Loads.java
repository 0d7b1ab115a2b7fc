package io.millrace.node.placement;

import io.millrace.node.cluster.Endpoint;
import io.millrace.node.placement.NodeLoad.SlotUse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Loads of nodes that are not there. */
final class Loads {
  private Loads() {}

  /** Reachable, an origin, ladder off. */
  static NodeLoad of(String name, int streams, SlotUse... slots) {
    return of(name, 4, 4, 0, streams, 0, false, slots);
  }

  static NodeLoad transcoding(String name, double free, int streams, SlotUse... slots) {
    return of(name, 4, free, 1, streams, 0, false, slots);
  }

  /** Where publishers are. */
  static NodeLoad withPublishers(String name, int publishers, SlotUse... slots) {
    return of(name, 4, 4, 0, 0, publishers, false, slots);
  }

  static NodeLoad draining(String name, SlotUse... slots) {
    return of(name, 4, 4, 0, slots.length, 0, true, slots);
  }

  private static NodeLoad of(
      String name,
      double cores,
      double free,
      double perStream,
      int streams,
      int publishers,
      boolean draining,
      SlotUse... slots) {
    return new NodeLoad(
        name,
        address(name),
        name.hashCode(),
        Endpoint.NONE,
        Endpoint.NONE,
        Set.of("origin"),
        cores,
        free,
        perStream,
        streams,
        publishers,
        0,
        List.of(slots),
        draining);
  }

  static String address(String name) {
    return "pekko://millrace@" + name + ":25520";
  }

  static SlotUse[] empty(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> new SlotUse(n, 0)).toArray(SlotUse[]::new);
  }

  static NodeLoads known(NodeLoad... loads) {
    NodeLoads known = new NodeLoads();
    known.publish(
        Arrays.stream(loads).collect(Collectors.toMap(NodeLoad::name, Function.identity())),
        Set.of());
    return known;
  }

  static NodeLoads without(String unreachable, NodeLoad... loads) {
    NodeLoads known = new NodeLoads();
    Map<String, NodeLoad> all =
        Arrays.stream(loads).collect(Collectors.toMap(NodeLoad::name, Function.identity()));
    known.publish(all, Set.of(address(unreachable)));
    return known;
  }
}
