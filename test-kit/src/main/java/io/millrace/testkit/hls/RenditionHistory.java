package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that any node has ever listed of one rendition. */
final class RenditionHistory {
  private final String name;
  private final Map<String, NodeView> nodes = new HashMap<>();
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final Map<String, Long> msnByUri = new HashMap<>();
  private final Map<Long, Instant> unlistedAt = new HashMap<>();
  private final Map<Long, Double> longestPlaylistSeconds = new HashMap<>();
  private Optional<Integer> targetDurationSeconds = Optional.empty();
  private Duration lastPlaylistDuration = Duration.ZERO;

  RenditionHistory(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  NodeView node(String node) {
    return nodes.computeIfAbsent(node, n -> new NodeView());
  }

  Optional<Integer> targetDurationSeconds() {
    return targetDurationSeconds;
  }

  Segment segment(long msn) {
    return segments.get(msn);
  }

  /** It has listed parts that came after those of a whole segment. */
  boolean hasParts() {
    return nodes.values().stream()
        .map(NodeView::last)
        .anyMatch(last -> last != null && !last.lowLatency().hints().isEmpty());
  }

  Long msnOf(String uri) {
    return msnByUri.get(uri);
  }

  void forgetGrowth() {
    nodes.values().forEach(NodeView::forgetGrowth);
  }

  void accept(String node, MediaPlaylist next, Instant at) {
    if (targetDurationSeconds.isEmpty()) {
      targetDurationSeconds = next.targetDurationSeconds();
    }
    double seconds = next.durationSeconds();
    lastPlaylistDuration = Duration.ofNanos((long) (seconds * 1e9));
    for (Segment s : next.segments()) {
      segments.putIfAbsent(s.msn(), s);
      msnByUri.putIfAbsent(s.uri(), s.msn());
      longestPlaylistSeconds.merge(s.msn(), seconds, Math::max);
    }
    segments.headMap(next.mediaSequence()).keySet().forEach(msn -> unlistedAt.putIfAbsent(msn, at));
    node(node).accept(next, at);
  }

  Duration lastPlaylistDuration() {
    return lastPlaylistDuration;
  }

  /** End of the time for which a segment that has left the playlist must stay (rule H8). */
  Optional<Instant> fetchableUntil(long msn) {
    Instant from = unlistedAt.get(msn);
    if (from == null) {
      return Optional.empty();
    }
    double seconds = segments.get(msn).durationSeconds() + longestPlaylistSeconds.get(msn);
    return Optional.of(from.plus(Duration.ofNanos((long) (seconds * 1e9))));
  }
}
