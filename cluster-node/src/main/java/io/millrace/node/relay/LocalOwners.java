package io.millrace.node.relay;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/** The leases that this node's owners wait for, and the way to them within the process. */
public final class LocalOwners {
  private static final int MAX_FRAMES = 512;
  private static final long MAX_BYTES = 2L << 20;

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
    Consumer<OwnerLink> owner = waiting.remove(lease);
    if (owner == null) {
      return Optional.empty();
    }
    InProcessLink link = new InProcessLink(MAX_FRAMES, MAX_BYTES, listener);
    owner.accept(link);
    return Optional.of(link);
  }
}
