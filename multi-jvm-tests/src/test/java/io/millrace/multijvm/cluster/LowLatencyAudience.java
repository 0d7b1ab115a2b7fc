package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.hls.PlaylistLinter;
import io.millrace.testkit.lowlatency.LowLatencyFollower;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Players with low latency: one for each rendition of a stream on each node, judged by one linter.
 */
final class LowLatencyAudience implements AutoCloseable {
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  /** A fault may delay a segment. */
  private static final String RHYTHM = "H6";

  private final PlaylistLinter linter = new PlaylistLinter(TOLERANCE);
  private final Map<Integer, List<LowLatencyFollower>> players = new TreeMap<>();
  private final Map<Integer, List<LiveEdge>> edges = new HashMap<>();

  /** Starts at once; the playlists must exist. */
  static LowLatencyAudience start(ClusterFixture cluster, String stream, List<String> renditions) {
    LowLatencyAudience audience = new LowLatencyAudience();
    for (int node : cluster.living()) {
      for (String rendition : renditions) {
        LiveEdge edge = new LiveEdge();
        audience.edges.computeIfAbsent(node, n -> new ArrayList<>()).add(edge);
        audience
            .players
            .computeIfAbsent(node, n -> new ArrayList<>())
            .add(
                LowLatencyFollower.start(
                    cluster
                        .node(node)
                        .ready()
                        .http("/hls/" + stream + "/" + rendition + "/index.m3u8"),
                    (url, at, text) -> {
                      audience.linter.observe(url, at, text);
                      edge.version(at, text);
                    }));
      }
    }
    return audience;
  }

  /** Waits until every player on these nodes has seen so many parts more. */
  void awaitMoreParts(List<Integer> nodes, int count, Duration deadline) {
    Map<LowLatencyFollower, Integer> wanted = new HashMap<>();
    nodes.stream()
        .flatMap(node -> players.get(node).stream())
        .forEach(player -> wanted.put(player, player.parts().size() + count));
    wanted.forEach((player, parts) -> player.awaitParts(parts, deadline));
  }

  /** The node is about to die: its players leave. */
  void leave(int node) {
    players.remove(node).forEach(LowLatencyFollower::close);
    edges.remove(node);
  }

  /** From {@code from} on: the longest time in which a player that is left got nothing new. */
  Duration longestWait(Instant from) {
    return edges.values().stream()
        .flatMap(List::stream)
        .map(edge -> edge.longestWait(from))
        .max(Duration::compareTo)
        .orElseThrow();
  }

  /** Nothing was wrong with what they were served; each saw whole segments of parts. */
  void verify() {
    players.values().forEach(all -> all.forEach(LowLatencyFollower::close));
    assertThat(linter.violations())
        .filteredOn(violation -> !violation.ruleId().equals(RHYTHM))
        .isEmpty();
    players.forEach(
        (node, all) ->
            all.forEach(
                player -> {
                  assertThat(player.failures()).as("node %d", node).isEmpty();
                  assertThat(player.comparedSegments()).as("node %d", node).isPositive();
                }));
  }

  @Override
  public void close() {
    players.values().forEach(all -> all.forEach(LowLatencyFollower::close));
  }
}
