package io.millrace.http;

/** The cluster as this node sees it; implemented by {@code cluster-node}, called on any thread. */
public interface ClusterPort {

  ClusterInfo info();

  /**
   * Starts to hand this node's streams over and to stop it; returns at once. There is no way back
   * but a restart.
   */
  void drain();
}
