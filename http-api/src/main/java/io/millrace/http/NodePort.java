package io.millrace.http;

/** What the node says of itself; implemented by {@code cluster-node}, called on any thread. */
@FunctionalInterface
public interface NodePort {

  NodeInfo info();
}
