package io.millrace.node.relay;

import java.util.Optional;

/** Opens the way from an ingest on this node to the owner that has granted a lease. */
@FunctionalInterface
public interface RelayConnector {

  /**
   * @return a way that is usable at once, connected or not; empty when the owner is in this process
   *     and does not wait for the lease (any more)
   */
  Optional<RelayTransport> connect(
      String streamId, LeaseReply.Accepted lease, RelayTransport.Listener listener);

  /** For a node without others: every owner is in this process. */
  static RelayConnector local(LocalOwners owners) {
    return (streamId, lease, listener) ->
        owners.connect(new LeaseKey(streamId, lease.epoch(), lease.session()), listener);
  }
}
