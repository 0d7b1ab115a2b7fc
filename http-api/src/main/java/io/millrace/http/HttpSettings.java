package io.millrace.http;

import java.time.Duration;
import java.util.Optional;

/**
 * How the HTTP server listens and what it allows.
 *
 * @param host interface to bind
 * @param port TCP port; 0 picks a free one
 * @param requestTimeout a request that is not answered by then gets 503; must be longer than {@link
 *     #PARK_DEADLINE}
 * @param idleTimeout a connection without traffic in either direction is closed after it
 * @param maxConnections connections served at once; more wait in the backlog
 * @param backlog length of the queue of connections not yet accepted
 * @param maxUriLength characters; longer: 414
 * @param objectMaxAge for how long caches may keep init and media segments
 * @param trustForwardedFor count viewers by the first address of {@code X-Forwarded-For}; only
 *     behind a proxy that sets it
 * @param tls empty: plain HTTP only
 */
public record HttpSettings(
    String host,
    int port,
    Duration requestTimeout,
    Duration idleTimeout,
    int maxConnections,
    int backlog,
    int maxUriLength,
    Duration objectMaxAge,
    boolean trustForwardedFor,
    Optional<TlsSettings> tls) {

  /** No request waits for media for longer, unless the node's settings say so. */
  public static final Duration PARK_DEADLINE = Duration.ofSeconds(10);

  public HttpSettings {
    require(!host.isBlank(), "host", host, "not empty");
    require(port >= 0 && port <= 65535, "port", port, "0 to 65535");
    require(
        requestTimeout.compareTo(PARK_DEADLINE) > 0,
        "requestTimeout",
        requestTimeout,
        "longer than " + PARK_DEADLINE);
    require(
        idleTimeout.compareTo(requestTimeout) > 0,
        "idleTimeout",
        idleTimeout,
        "longer than requestTimeout");
    require(maxConnections >= 1, "maxConnections", maxConnections, "at least 1");
    require(backlog >= 1, "backlog", backlog, "at least 1");
    require(
        maxUriLength >= 256 && maxUriLength <= 65536, "maxUriLength", maxUriLength, "256 to 65536");
    require(!objectMaxAge.isNegative(), "objectMaxAge", objectMaxAge, "not negative");
  }

  private static void require(boolean holds, String field, Object actual, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(field + ": " + actual + " (expected: " + rule + ")");
    }
  }
}
