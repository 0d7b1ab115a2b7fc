package io.millrace.testkit.history;

import io.millrace.testkit.hls.RecordedSegment;
import io.millrace.testkit.hls.Recording;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What every node showed of one stream.
 *
 * @param recordings by the authority of the node's HTTP port
 * @param away nodes that were down or hung at some time
 * @param sightings changes of owner and state, in order of time
 * @param versionProblems playlist versions that differ between nodes
 * @param growths when each node first listed each new segment, in order of time
 */
public record StreamHistory(
    Map<String, Recording> recordings,
    Set<String> away,
    List<OwnerSighting> sightings,
    List<String> versionProblems,
    List<SegmentListed> growths) {

  public StreamHistory {
    recordings = new TreeMap<>(recordings);
    away = Set.copyOf(away);
    sightings = List.copyOf(sightings);
    versionProblems = List.copyOf(versionProblems);
    growths = List.copyOf(growths);
  }

  /** The recording that has seen most, of a node that was never away if there is one. */
  public Recording best() {
    return recordings.entrySet().stream()
        .max(
            Comparator.comparing((Map.Entry<String, Recording> e) -> !away.contains(e.getKey()))
                .thenComparing(e -> segments(e.getValue())))
        .map(Map.Entry::getValue)
        .orElseThrow(() -> new IllegalStateException("nothing was recorded"));
  }

  /** Epochs that named segments in the best recording, in order of media sequence. */
  public List<Long> epochs() {
    List<Long> epochs = new ArrayList<>();
    for (RecordedSegment segment : best().renditions().get(0).segments()) {
      long epoch = epochOf(segment.listed().uri());
      if (epochs.isEmpty() || epochs.get(epochs.size() - 1) != epoch) {
        epochs.add(epoch);
      }
    }
    return epochs;
  }

  /** Time from {@code fault} until a node first listed a segment of a later epoch. */
  public Duration untilNewEpochListed(Instant fault) {
    return growths.stream()
        .filter(g -> g.at().isAfter(fault) && g.newEpoch())
        .map(g -> Duration.between(fault, g.at()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no new epoch was listed"));
  }

  /** Longest time between two new segments of one rendition on one node that was never away. */
  public Duration longestGap() {
    Map<String, Instant> last = new TreeMap<>();
    Duration longest = Duration.ZERO;
    for (SegmentListed g : growths) {
      Instant before = last.put(g.node() + "/" + g.rendition(), g.at());
      if (before != null && !away.contains(g.node())) {
        Duration gap = Duration.between(before, g.at());
        longest = gap.compareTo(longest) > 0 ? gap : longest;
      }
    }
    return longest;
  }

  /** The epoch in a segment's name, {@code EPOCH-MSN.m4s}. */
  static long epochOf(String uri) {
    String name = uri.substring(uri.lastIndexOf('/') + 1);
    return Long.parseLong(name.substring(0, name.indexOf('-')));
  }

  private static int segments(Recording recording) {
    return recording.renditions().stream().mapToInt(r -> r.segments().size()).sum();
  }
}
