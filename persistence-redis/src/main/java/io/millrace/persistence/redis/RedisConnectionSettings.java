package io.millrace.persistence.redis;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Where Redis is and how it is talked to; the keys of {@code redis-persistence.connection} in
 * reference.conf.
 *
 * @param uri may hold a password
 * @param trustCertificates PEM file, empty for the JVM's own
 */
record RedisConnectionSettings(
    String uri,
    String keyPrefix,
    Duration commandTimeout,
    Duration connectTimeout,
    int retries,
    Duration retryDelay,
    int maxPending,
    String trustCertificates,
    boolean verifyHost) {

  RedisConnectionSettings {
    if (uri.isBlank()) {
      throw new IllegalArgumentException("uri: empty (expected: redis://HOST:PORT)");
    }
    if (keyPrefix.isBlank() || keyPrefix.contains("{")) {
      throw new IllegalArgumentException(
          "key-prefix: " + keyPrefix + " (expected: not empty, without braces)");
    }
    if (commandTimeout.isNegative() || commandTimeout.isZero()) {
      throw new IllegalArgumentException(
          "command-timeout: " + commandTimeout + " (expected: more than 0)");
    }
    if (retries < 0 || maxPending < 1) {
      throw new IllegalArgumentException(
          "retries: " + retries + ", max-pending: " + maxPending + " (expected: 0, 1 or more)");
    }
  }

  /** Reads the section at {@code path}, missing keys from {@code redis-persistence.connection}. */
  static RedisConnectionSettings of(Config system, String path) {
    Config config =
        system.getConfig(path).withFallback(system.getConfig("redis-persistence.connection"));
    return new RedisConnectionSettings(
        config.getString("uri"),
        config.getString("key-prefix"),
        config.getDuration("command-timeout"),
        config.getDuration("connect-timeout"),
        config.getInt("retries"),
        config.getDuration("retry-delay"),
        config.getInt("max-pending"),
        config.getString("tls.trust-certificates"),
        config.getBoolean("tls.verify-host"));
  }

  /** Several addresses mean a Redis Cluster. */
  boolean isCluster() {
    return !uri.startsWith("redis-sentinel") && uri.contains(",");
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return "RedisConnectionSettings[keyPrefix=" + keyPrefix + ", cluster=" + isCluster() + "]";
  }
}
