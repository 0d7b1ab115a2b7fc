package io.millrace.node.cluster;

/**
 * This node as it names itself to others.
 *
 * @param name from the configuration, unique in a cluster
 * @param data where it takes media, {@link Endpoint#NONE} in mode single
 * @param internalHttp where it serves objects to other nodes, likewise
 */
public record NodeIdentity(String name, Endpoint data, Endpoint internalHttp) {

  /** A node without others. */
  public static NodeIdentity single(String name) {
    return new NodeIdentity(name, Endpoint.NONE, Endpoint.NONE);
  }
}
