package io.millrace.testkit.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How to start a cluster under test: immutable, each {@code with} gives a changed copy. Nodes are
 * numbered from 1.
 *
 * @param nodes how many
 * @param directory of logs, data and the store's files; kept after the test
 * @param settings {@code millrace.key} to value, for all nodes
 * @param heap of each node, as in {@code -Xmx}
 * @param roles of the nodes that have not all three, comma separated
 * @param joinDeadline longest time from the first start until every node sees all others
 */
public record ClusterOptions(
    int nodes,
    Path directory,
    Map<String, Object> settings,
    String heap,
    Map<Integer, String> roles,
    Duration joinDeadline) {

  public ClusterOptions {
    Objects.requireNonNull(directory, "directory");
    settings = Map.copyOf(settings);
    roles = Map.copyOf(roles);
    Objects.requireNonNull(joinDeadline, "joinDeadline");
  }

  /** Nodes that transcode nothing, with any publisher allowed. */
  public static ClusterOptions of(int nodes, Path directory) {
    return new ClusterOptions(
        nodes,
        directory,
        Map.of("millrace.auth", "open", "millrace.transcode.enabled", false),
        "400m",
        Map.of(),
        Duration.ofSeconds(90));
  }

  /** With a configuration key of all nodes. */
  public ClusterOptions withSetting(String path, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(settings);
    changed.put(path, value);
    return new ClusterOptions(nodes, directory, changed, heap, roles, joinDeadline);
  }

  /** With another largest heap of each node, e.g. {@code 1g}. */
  public ClusterOptions withHeap(String size) {
    return new ClusterOptions(nodes, directory, settings, size, roles, joinDeadline);
  }

  /** With these roles of one node, e.g. {@code ingest,edge}. */
  public ClusterOptions withRoles(int node, String rolesOfNode) {
    Map<Integer, String> changed = new HashMap<>(roles);
    changed.put(node, rolesOfNode);
    return new ClusterOptions(nodes, directory, settings, heap, changed, joinDeadline);
  }
}
