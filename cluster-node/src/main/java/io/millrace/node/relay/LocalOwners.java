package io.millrace.node.relay;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/** The leases that this node's owners wait for, and the way to them within the process. */
public final class LocalOwners {
  private final ConcurrentMap<LeaseKey, Consumer<OwnerLink>> waiting = new ConcurrentHashMap<>();

  /** The owner takes the relay of this lease; once. */
  public void expect(LeaseKey lease, Consumer<OwnerLink> onConnected) {
    waiting.put(lease, onConnected);
  }

  public void forget(LeaseKey lease) {
    waiting.remove(lease);
  }

  /** Empty when no owner on this node waits for the lease (any more). */
  public Optional<RelayTransport> connect(LeaseKey lease, RelayTransport.Listener listener) {
    return take(lease)
        .map(
            owner -> {
              InProcessLink link = new InProcessLink(DataPort.Bounds.OF_A_WAY, listener);
              listener.opened();
              owner.accept(link);
              return link;
            });
  }

  /** Who waits for the lease, at most once; empty when nobody does (any more). */
  Optional<Consumer<OwnerLink>> take(LeaseKey lease) {
    return Optional.ofNullable(waiting.remove(lease));
  }
}
