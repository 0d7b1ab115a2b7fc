package io.millrace.node.ingest;

import java.time.Duration;

/**
 * What the RTMP listener binds to and what one connection may take.
 *
 * @param bind host name or address to listen on
 * @param port 1 to 65535, 0 for any free one
 * @param maxConnections sockets at once, publishing or not
 * @param maxConnectionsPerAddress the same for one remote address
 * @param handshakeTimeout from accept to the end of the handshake, absolute
 * @param connectTimeout from the handshake to connect
 * @param publishTimeout from connect, or the end of a publish, to publish
 * @param readTimeout silence of a publisher that ends its publish
 * @param maxBitsPerSecond of one connection, averaged over {@link #RATE_WINDOW}; above it reading
 *     is slowed down, and after {@link #RATE_PATIENCE} of that the connection is closed
 * @param maxMessagesPerSecond of one connection, likewise
 * @param refusalDelay wait before a refused key is answered
 */
public record RtmpSettings(
    String bind,
    int port,
    int maxConnections,
    int maxConnectionsPerAddress,
    Duration handshakeTimeout,
    Duration connectTimeout,
    Duration publishTimeout,
    Duration readTimeout,
    long maxBitsPerSecond,
    int maxMessagesPerSecond,
    Duration refusalDelay) {
  /** How much of the permitted rate may arrive at once. */
  public static final Duration RATE_WINDOW = Duration.ofSeconds(3);

  /** How long a connection may stay above its rate. */
  public static final Duration RATE_PATIENCE = Duration.ofSeconds(10);

  /** Publishes of one address that may be refused in a row; later ones are refused unheard. */
  public static final int MAX_FAILED_ATTEMPTS = 20;

  /** In how long so many refusals are forgotten. */
  public static final Duration FAILED_ATTEMPTS_WINDOW = Duration.ofSeconds(60);

  public RtmpSettings {
    if (bind.isBlank()) {
      throw new IllegalArgumentException("bind: empty (expected: host name or address)");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
    positive("maxConnections", maxConnections);
    positive("maxConnectionsPerAddress", maxConnectionsPerAddress);
    positive("handshakeTimeout", handshakeTimeout);
    positive("connectTimeout", connectTimeout);
    positive("publishTimeout", publishTimeout);
    positive("readTimeout", readTimeout);
    if (maxBitsPerSecond < 64_000) {
      throw new IllegalArgumentException(
          "maxBitsPerSecond: " + maxBitsPerSecond + " (expected: at least 64000)");
    }
    positive("maxMessagesPerSecond", maxMessagesPerSecond);
    if (refusalDelay.isNegative()) {
      throw new IllegalArgumentException(
          "refusalDelay: " + refusalDelay + " (expected: not negative)");
    }
  }

  private static void positive(String field, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: at least 1)");
    }
  }

  private static void positive(String field, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: more than 0)");
    }
  }
}
