package io.millrace.node.cluster;

/** Where a private listener can be reached by other nodes; port 0: there is none. */
public record Endpoint(String host, int port) {
  public static final Endpoint NONE = new Endpoint("", 0);

  public Endpoint {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
  }

  /** Not a value of its own when written as a message. */
  @com.fasterxml.jackson.annotation.JsonIgnore
  public boolean isPresent() {
    return port != 0;
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
