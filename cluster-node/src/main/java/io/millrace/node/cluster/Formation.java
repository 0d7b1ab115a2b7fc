package io.millrace.node.cluster;

import java.util.Optional;

/** Id of the cluster that this node belongs to, as far as it knows; thread-safe. */
public final class Formation {
  private volatile String id;

  /** Empty in mode single, and while the store has not told yet. */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  void is(String newId) {
    id = newId;
  }
}
