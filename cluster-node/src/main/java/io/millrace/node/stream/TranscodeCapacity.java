package io.millrace.node.stream;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Transcode cores of this node and what its streams take of them; thread-safe. */
public final class TranscodeCapacity {
  private final double cores;
  private final ConcurrentMap<String, Double> used = new ConcurrentHashMap<>();

  public TranscodeCapacity(double cores) {
    this.cores = cores;
  }

  void uses(String streamId, double streamCores) {
    used.put(streamId, streamCores);
  }

  void release(String streamId) {
    used.remove(streamId);
  }

  /** Cores that a new stream may take; not negative. */
  public double free() {
    return Math.max(0, cores - used.values().stream().mapToDouble(Double::doubleValue).sum());
  }
}
