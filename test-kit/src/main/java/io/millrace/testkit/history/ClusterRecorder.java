package io.millrace.testkit.history;

import io.millrace.testkit.Await;
import io.millrace.testkit.hls.PlaylistLinter;
import io.millrace.testkit.hls.Recording;
import io.millrace.testkit.hls.StreamRecorder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Records one stream from every node of a cluster at the same time, with one linter over all, and
 * watches who owns it. Nodes are named by the authority of their HTTP ports.
 */
public final class ClusterRecorder implements AutoCloseable {
  private static final Duration RELOAD_INTERVAL = Duration.ofMillis(300);

  private final PlaylistLinter linter = StreamRecorder.linter(RELOAD_INTERVAL);
  private final VersionArchive archive;
  private final OwnerWatch owners;
  private final Map<String, StreamRecorder> recorders = new TreeMap<>();
  private final Set<String> everAway = new HashSet<>();
  private final Set<String> nowAway = new HashSet<>();

  private ClusterRecorder(String stream, List<URI> nodes, Path directory) {
    this.archive = new VersionArchive(directory.resolve("versions"));
    for (URI node : nodes) {
      recorders.put(
          node.getAuthority(),
          StreamRecorder.start(
              node.resolve("/hls/" + stream + "/index.m3u8"),
              directory.resolve(node.getAuthority().replace(':', '-')),
              RELOAD_INTERVAL,
              linter,
              archive));
    }
    this.owners =
        new OwnerWatch(nodes.stream().map(n -> n.resolve("/api/v1/streams/" + stream)).toList());
  }

  /**
   * Starts at once; the stream need not exist yet.
   *
   * @param nodes root of each node's HTTP port
   * @param directory gets a directory per node with the objects, and {@code versions/}
   */
  public static ClusterRecorder start(String stream, List<URI> nodes, Path directory) {
    return new ClusterRecorder(stream, nodes, directory);
  }

  /** The node is about to be killed or paused: from now on its silence is no failure. */
  public synchronized void away(String node) {
    recorders.get(node).away(true);
    everAway.add(node);
    nowAway.add(node);
  }

  /**
   * The node has come back; returns when it has shown as much as the others and something new.
   * Until then it may refuse: a process that stood still does not know at once whether it is up to
   * date.
   */
  public void back(String node, Duration deadline) {
    int count = Math.max(segments(), recorders.get(node).segments()) + 1;
    recorders.get(node).awaitSegments(count, deadline);
    recorders.get(node).away(false);
    synchronized (this) {
      nowAway.remove(node);
    }
  }

  /** While true, the time between segments is not judged: the publisher is away. */
  public void reconnecting(boolean nowReconnecting) {
    linter.reconnecting(nowReconnecting);
  }

  /** Segments that every node that is not away has listed so far. */
  public int segments() {
    return present().stream().mapToInt(StreamRecorder::segments).min().orElse(0);
  }

  /** Waits until every node that is not away has listed at least so many. */
  public void awaitSegments(int count, Duration deadline) {
    Await.until(count + " segments on every node", deadline, () -> segments() >= count);
  }

  /** Waits until every node that is not away has listed so much media. */
  public void awaitSeconds(double seconds, Duration deadline) {
    Await.until(
        seconds + " s listed on every node",
        deadline,
        () -> present().stream().allMatch(recorder -> recorder.seconds() >= seconds));
  }

  /** Waits until every node that is not away shows the end. */
  public void awaitEnded(Duration deadline) {
    present().forEach(recorder -> recorder.awaitEnded(deadline));
  }

  /** Stops and returns what was seen. */
  public StreamHistory stop() {
    Map<String, Recording> recordings = new TreeMap<>();
    recorders.forEach((node, recorder) -> recordings.put(node, recorder.stop()));
    owners.close();
    return new StreamHistory(
        recordings, everAway, owners.sightings(), archive.problems(), archive.growths());
  }

  @Override
  public void close() {
    recorders.values().forEach(StreamRecorder::close);
    owners.close();
  }

  private synchronized List<StreamRecorder> present() {
    return recorders.entrySet().stream()
        .filter(e -> !nowAway.contains(e.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }
}
