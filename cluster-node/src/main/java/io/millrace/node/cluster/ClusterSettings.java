package io.millrace.node.cluster;

import java.time.Duration;
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
 * @param roles what this node does; empty for a witness
 * @param secret shared by all nodes; authenticates the data port and internal HTTP
 * @param slots shards of the whole cluster, the same on every node
 * @param quickDown take out nodes whose machine refuses connections on all private ports
 * @param drainTimeout longest time that a stopping node spends on handing its streams over
 * @param ownerApartFromIngest let another node own a stream than its publisher's
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
    boolean quickDown,
    Duration drainTimeout,
    boolean ownerApartFromIngest,
    RedisSettings redis) {

  /** What a node may do. */
  public enum Role {
    /** Takes publishers. */
    INGEST,
    /** Owns streams. */
    ORIGIN,
    /** Viewers are sent here. Only shown: every node serves those who come. */
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

  public boolean has(Role role) {
    return roles.contains(role);
  }

  /** Never shows the secret. */
  @Override
  public String toString() {
    return "ClusterSettings[privateHost="
        + privateHost
        + ", arteryPort="
        + arteryPort
        + ", dataPort="
        + dataPort
        + ", internalHttpPort="
        + internalHttpPort
        + ", seedNodes="
        + seedNodes
        + ", roles="
        + roles.stream().map(Role::label).sorted().toList()
        + ", slots="
        + slots
        + ", quickDown="
        + quickDown
        + ", drainTimeout="
        + drainTimeout
        + ", ownerApartFromIngest="
        + ownerApartFromIngest
        + ", redis="
        + redis
        + "]";
  }
}
