package io.millrace.node;

/** Where a running node listens. */
public record NodeAddresses(String nodeName, Endpoint rtmp, Endpoint http) {

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
    return "millrace ready rtmp=" + rtmp + " http=" + http + " node=" + nodeName;
  }
}
