package io.millrace.testkit.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
 * @param jvmArguments of each node, beside the heap
 * @param roles of the nodes that have not all three, comma separated
 * @param joinDeadline longest time from the first start until every node sees all others
 */
public record ClusterOptions(
    int nodes,
    Path directory,
    Map<String, Object> settings,
    String heap,
    List<String> jvmArguments,
    Map<Integer, String> roles,
    Duration joinDeadline) {

  /** Start fast and take little, which is what counts for nodes that live for a minute. */
  private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  public ClusterOptions {
    Objects.requireNonNull(directory, "directory");
    settings = Map.copyOf(settings);
    jvmArguments = List.copyOf(jvmArguments);
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
        SMALL,
        Map.of(),
        Duration.ofSeconds(90));
  }

  /** With a configuration key of all nodes. */
  public ClusterOptions withSetting(String path, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(settings);
    changed.put(path, value);
    return new ClusterOptions(nodes, directory, changed, heap, jvmArguments, roles, joinDeadline);
  }

  /** With another largest heap of each node, e.g. {@code 1g}. */
  public ClusterOptions withHeap(String size) {
    return new ClusterOptions(nodes, directory, settings, size, jvmArguments, roles, joinDeadline);
  }

  /** With the JVM's own defaults, as {@code ./millrace serve} starts a node. */
  public ClusterOptions withJvmDefaults() {
    return new ClusterOptions(nodes, directory, settings, heap, List.of(), roles, joinDeadline);
  }

  /** With these roles of one node, e.g. {@code ingest,edge}. */
  public ClusterOptions withRoles(int node, String rolesOfNode) {
    Map<Integer, String> changed = new HashMap<>(roles);
    changed.put(node, rolesOfNode);
    return new ClusterOptions(
        nodes, directory, settings, heap, jvmArguments, changed, joinDeadline);
  }
}
