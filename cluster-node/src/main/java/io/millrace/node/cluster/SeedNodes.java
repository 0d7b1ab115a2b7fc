package io.millrace.node.cluster;

import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/** Addresses of the nodes that a starting node asks for the cluster. */
public final class SeedNodes {
  private SeedNodes() {}

  /**
   * @param seeds {@code host:port}, the first one may form the cluster
   */
  public static JoinSeedNodes join(ActorSystem<?> system, List<String> seeds) {
    Address self = Cluster.get(system).selfMember().address();
    return new JoinSeedNodes(seeds.stream().map(seed -> address(self, seed)).toList());
  }

  private static Address address(Address self, String seed) {
    int colon = seed.lastIndexOf(':');
    return new Address(
        self.protocol(),
        self.system(),
        seed.substring(0, colon),
        Integer.parseInt(seed.substring(colon + 1)));
  }
}
