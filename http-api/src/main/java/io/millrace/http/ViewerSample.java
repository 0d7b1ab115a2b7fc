package io.millrace.http;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The playback sessions of one stream on one node, small enough to be sent: a player whose requests
 * reach several nodes is the same session on each, and counts once when samples are merged.
 *
 * @param sessions how many there are
 * @param smallest their smallest hashes, ascending, at most {@link #MAX_HASHES}; all of them when
 *     there are not more
 */
public record ViewerSample(int sessions, List<Long> smallest) {

  /** Beyond it the share of sessions that nodes have in common is estimated, to about 3 %. */
  public static final int MAX_HASHES = 1024;

  public static final ViewerSample NONE = new ViewerSample(0, List.of());

  public ViewerSample {
    smallest = List.copyOf(smallest);
    if (sessions < smallest.size()) {
      throw new IllegalArgumentException(
          "sessions: " + sessions + " (expected: at least " + smallest.size() + ")");
    }
  }

  /**
   * Distinct sessions of all samples. Exact while no sample leaves hashes out, and whenever no
   * session is on two nodes; otherwise what the samples have in common below the highest hash that
   * all of them reach stands for the rest (a bottom-k sketch).
   */
  public static int merged(Collection<ViewerSample> samples) {
    long reach = samples.stream().mapToLong(ViewerSample::reach).min().orElse(0);
    Set<Long> distinct = new HashSet<>();
    long seen = 0;
    long sum = 0;
    for (ViewerSample sample : samples) {
      sum += sample.sessions;
      for (long hash : sample.smallest) {
        if (hash <= reach) {
          seen++;
          distinct.add(hash);
        }
      }
    }
    return (int) (seen == 0 ? sum : Math.round((double) sum * distinct.size() / seen));
  }

  /** The highest hash up to which the sample is complete. */
  private long reach() {
    return sessions == smallest.size() ? Long.MAX_VALUE : smallest.get(smallest.size() - 1);
  }
}
