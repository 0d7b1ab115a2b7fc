package io.millrace.bench;

import io.millrace.testkit.redis.RedisProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How the streams of a node that died come back: seconds from the kill until another node has
 * claimed each, and until each has stored its first segment there, found in Redis by looking again
 * and again. One look at all takes some milliseconds of redis-server.
 */
final class Rehoming {
  private static final long LOOK_INTERVAL_MS = 100;

  private final StreamHashes hashes;
  private final String dead;

  /** Streams that were owned there, and their epochs. */
  private final Map<String, String> moved = new TreeMap<>();

  private final List<Double> claimed = new ArrayList<>();
  private final List<Double> stored = new ArrayList<>();

  /** Notes who owns what; to be called before the kill. */
  Rehoming(RedisProbe redis, String node, List<String> streams) {
    this.hashes = new StreamHashes(redis);
    this.dead = node;
    for (String stream : streams) {
      if (hashes.owner(stream).equals(node)) {
        moved.put(stream, hashes.epoch(stream));
      }
    }
  }

  int streams() {
    return moved.size();
  }

  /**
   * Looks until all are back.
   *
   * @throws IOException naming some of the missing, if that takes longer than {@code seconds}
   */
  void await(long killNanos, double seconds) throws IOException, InterruptedException {
    List<String> unclaimed = new ArrayList<>(moved.keySet());
    List<String> silent = new ArrayList<>(moved.keySet());
    while (!silent.isEmpty()) {
      double now = (System.nanoTime() - killNanos) / 1e9;
      unclaimed.removeIf(stream -> note(!hashes.owner(stream).equals(dead), claimed, now));
      silent.removeIf(
          stream -> !unclaimed.contains(stream) && note(hasNewSegment(stream), stored, now));
      if (now > seconds) {
        throw new IOException(
            "not owned after " + now + " s: " + unclaimed + ", without a segment: " + silent);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_INTERVAL_MS);
    }
  }

  /** Seconds until each was claimed. */
  List<Double> claimed() {
    return List.copyOf(claimed);
  }

  /** Seconds until each had a segment by its new owner. */
  List<Double> stored() {
    return List.copyOf(stored);
  }

  private boolean hasNewSegment(String stream) {
    String epoch = hashes.epoch(stream);
    return !epoch.equals(moved.get(stream)) && hashes.hasSegmentOf(stream, epoch);
  }

  private static boolean note(boolean happened, List<Double> when, double now) {
    if (happened) {
      when.add(now);
    }
    return happened;
  }
}
