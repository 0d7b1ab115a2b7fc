package io.millrace.node.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.cluster.ClusterView;
import io.millrace.node.cluster.PauseGuard;

/**
 * What keeps an owner from acting when another one may have taken its place.
 *
 * @param view a claim and every new segment that is listed need a majority
 * @param pause after a pause the owner asks the store first
 * @param fenced what was taken from this node does not start here at once
 */
public record OwnerGuards(ClusterView view, PauseGuard pause, FencedStreams fenced) {

  public static OwnerGuards of(ClusterView view, PauseGuard pause, MeterRegistry registry) {
    return new OwnerGuards(view, pause, new FencedStreams(registry));
  }
}
