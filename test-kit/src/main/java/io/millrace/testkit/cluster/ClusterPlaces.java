package io.millrace.testkit.cluster;

import java.io.IOException;
import java.util.List;

/** Where the nodes of a cluster under test live: an address of its own for each. */
interface ClusterPlaces extends AutoCloseable {

  /** Address of a node, both for other nodes and for tests. */
  String host(int node);

  /** Address under which the nodes reach what the test itself runs. */
  String testHost();

  /** What a node's command has to be started with; empty for nothing. */
  List<String> commandPrefix(int node);

  @Override
  void close() throws IOException;

  /** All on this machine's loopback, 127.0.0.1 and up. */
  static ClusterPlaces loopback() {
    return new ClusterPlaces() {
      @Override
      public String host(int node) {
        return "127.0.0." + node;
      }

      @Override
      public String testHost() {
        return "127.0.0.1";
      }

      @Override
      public List<String> commandPrefix(int node) {
        return List.of();
      }

      @Override
      public void close() {}
    };
  }
}
