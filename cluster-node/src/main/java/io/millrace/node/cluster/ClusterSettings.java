package io.millrace.node.cluster;

import java.util.List;
import java.util.Set;

/**
 * What a node of a cluster has and a single node has not.
 *
 * @param privateHost address that the private listeners bind to and that other nodes reach
 * @param arteryPort control messages between nodes; 0 for any free port
 * @param dataPort media between nodes; 0 for any free port
 * @param internalHttpPort playlists' objects between nodes; 0 for any free port
 * @param seedNodes {@code host:arteryPort}, at least one; the first one may form the cluster
 * @param roles what this node does
 * @param secret shared by all nodes; authenticates the data port and internal HTTP
 * @param slots shards of the whole cluster, the same on every node
 */
public record ClusterSettings(
    String privateHost,
    int arteryPort,
    int dataPort,
    int internalHttpPort,
    List<String> seedNodes,
    Set<Role> roles,
    String secret,
    int slots,
    RedisSettings redis) {

  /** What a node may do. */
  public enum Role {
    /** Takes publishers. */
    INGEST,
    /** Owns streams. */
    ORIGIN,
    /** Serves viewers. */
    EDGE;

    /** As in the configuration and in the cluster's membership. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public ClusterSettings {
    seedNodes = List.copyOf(seedNodes);
    roles = Set.copyOf(roles);
  }

  /** Never shows the secret. */
  @Override
  public String toString() {
    return "ClusterSettings[privateHost=" + privateHost + ", seedNodes=" + seedNodes + "]";
  }
}
