package io.millrace.node.ingest;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down who guesses keys: after so many refused publishes an address is refused unheard, until
 * enough of them are forgotten at an even pace. An IPv6 network of 64 bits counts as one address.
 * The table is bounded, the address that was quiet for longest goes first. Safe from any thread;
 * time comes from the caller.
 */
final class FailedAttempts {
  private static final int IPV6_NETWORK_BYTES = 8;

  private final int max;
  private final double forgottenPerNano;
  private final Map<ByteBuffer, Entry> byAddress;

  /**
   * @param max refused publishes of one address that are heard in a row
   * @param window time in which so many are forgotten
   * @param maxAddresses size of the table
   */
  FailedAttempts(int max, Duration window, int maxAddresses) {
    this.max = max;
    this.forgottenPerNano = (double) max / window.toNanos();
    this.byAddress =
        new LinkedHashMap<>(64, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Entry> eldest) {
            return size() > maxAddresses;
          }
        };
  }

  synchronized void failed(InetAddress address, long nowNanos) {
    byAddress.compute(key(address), (key, entry) -> new Entry(left(entry, nowNanos) + 1, nowNanos));
  }

  synchronized boolean blocked(InetAddress address, long nowNanos) {
    return left(byAddress.get(key(address)), nowNanos) > max - 1;
  }

  synchronized int addresses() {
    return byAddress.size();
  }

  private double left(Entry entry, long nowNanos) {
    return entry == null
        ? 0
        : Math.max(0, entry.count - (nowNanos - entry.atNanos) * forgottenPerNano);
  }

  private static ByteBuffer key(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(
        address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
  }

  private record Entry(double count, long atNanos) {}
}
