package io.millrace.node.cluster;

import java.time.Duration;

/**
 * The store that all nodes of a cluster share.
 *
 * @param uri {@code redis://}, {@code rediss://}, {@code redis-sentinel://} or several {@code
 *     redis://} separated by commas for Redis Cluster; may hold a password
 * @param keyPrefix in front of every key, e.g. {@code millrace}
 * @param commandTimeout longest wait for one answer
 */
public record RedisSettings(String uri, String keyPrefix, Duration commandTimeout) {

  /** Never shows the password. */
  @Override
  public String toString() {
    return "RedisSettings[keyPrefix=" + keyPrefix + ", commandTimeout=" + commandTimeout + "]";
  }
}
