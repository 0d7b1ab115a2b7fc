package io.millrace.http;

import java.util.List;

/** A cluster of one node. */
final class FakeCluster implements ClusterPort {
  volatile boolean draining;

  @Override
  public ClusterInfo info() {
    ClusterInfo.Load load = new ClusterInfo.Load(4, 2.5, 3, 1, 7, 256, 3, draining);
    ClusterInfo.Member member =
        new ClusterInfo.Member(
            "node-1", "10.0.0.1:25520", "up", true, List.of("edge", "origin"), null, null, load);
    return new ClusterInfo(
        "cluster", "f1", "node-1", "10.0.0.1:25520", "node-1", true, 256, List.of(member));
  }

  @Override
  public void drain() {
    draining = true;
  }
}
