package io.millrace.node.cluster;

import java.util.List;
import org.apache.pekko.actor.Address;

/** Addresses of the nodes that a starting node asks for the cluster. */
final class SeedNodes {
  private SeedNodes() {}

  /**
   * @param seeds {@code host:port}
   */
  static List<Address> addresses(Address self, List<String> seeds) {
    return seeds.stream().map(seed -> address(self, seed)).toList();
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
