package io.millrace.node;

import java.util.Optional;

/**
 * Where a running node listens.
 *
 * @param https empty when TLS is off
 */
public record NodeAddresses(
    String nodeName, Endpoint rtmp, Endpoint http, Optional<Endpoint> https) {

  /** One listener; {@code host} is the address it is bound to. */
  public record Endpoint(String host, int port) {

    /** An address that a program on this machine can connect to. */
    public String reachable() {
      return (isAny() ? "127.0.0.1" : host) + ":" + port;
    }

    private boolean isAny() {
      return host.equals("0.0.0.0") || host.equals("::") || host.equals("0:0:0:0:0:0:0:0");
    }

    @Override
    public String toString() {
      return (isAny() ? "0.0.0.0" : host) + ":" + port;
    }
  }

  /** The line that says on stdout that the node is ready. */
  public String readyLine() {
    String tls = https.map(endpoint -> " https=" + endpoint).orElse("");
    return "millrace ready rtmp=" + rtmp + " http=" + http + tls + " node=" + nodeName;
  }
}
