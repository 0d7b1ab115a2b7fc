package io.millrace.node.ingest;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts open connections, in all and by remote address; safe from any thread. */
final class AddressCaps {
  private final int maxTotal;
  private final int maxPerAddress;
  private final AtomicInteger total = new AtomicInteger();
  private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

  AddressCaps(int maxTotal, int maxPerAddress) {
    this.maxTotal = maxTotal;
    this.maxPerAddress = maxPerAddress;
  }

  /** Returns null when the connection is within both caps and now counted, else the cap it hits. */
  CloseCause enter(InetAddress address) {
    if (total.incrementAndGet() > maxTotal) {
      total.decrementAndGet();
      return CloseCause.TOO_MANY_CONNECTIONS;
    }
    if (byAddress.merge(address, 1, Integer::sum) > maxPerAddress) {
      leave(address);
      return CloseCause.TOO_MANY_FROM_ADDRESS;
    }
    return null;
  }

  void leave(InetAddress address) {
    total.decrementAndGet();
    byAddress.computeIfPresent(address, (a, count) -> count > 1 ? count - 1 : null);
  }

  int total() {
    return total.get();
  }
}
