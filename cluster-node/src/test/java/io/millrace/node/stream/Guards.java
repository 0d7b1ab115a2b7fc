package io.millrace.node.stream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.node.cluster.ClusterView;
import io.millrace.node.cluster.PauseGuard;

/** Guards of an owner that never has to hold back. */
final class Guards {
  private Guards() {}

  static OwnerGuards none() {
    return OwnerGuards.of(ClusterView.single(), PauseGuard.start(), new SimpleMeterRegistry());
  }
}
