package io.millrace.node.cluster;

/** What this node sees of the others; thread-safe, never blocks. */
@FunctionalInterface
public interface ClusterView {

  /**
   * More than half of the members that are up can be reached from here, this node included. Without
   * it a node claims no stream and lists nothing new.
   */
  boolean majorityReachable();

  /** A node without others. */
  static ClusterView single() {
    return () -> true;
  }
}
