package io.millrace.testkit.history;

import java.time.Instant;

/**
 * What a node's API said of a stream.
 *
 * @param node authority of the asked node's HTTP port
 * @param owner name of the owning node, empty for none
 */
public record OwnerSighting(
    Instant at, String node, String state, String owner, long epoch, long session) {

  boolean saysTheSameAs(OwnerSighting other) {
    return state.equals(other.state)
        && owner.equals(other.owner)
        && epoch == other.epoch
        && session == other.session;
  }
}
