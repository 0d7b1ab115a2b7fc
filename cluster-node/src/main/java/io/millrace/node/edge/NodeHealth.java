package io.millrace.node.edge;

import io.millrace.http.HealthPort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Named reasons why the node is not ready; thread-safe. */
public final class NodeHealth implements HealthPort {
  private final String nodeName;
  private final ConcurrentMap<String, String> reasons = new ConcurrentHashMap<>();

  public NodeHealth(String nodeName) {
    this.nodeName = nodeName;
  }

  /** The node is not ready because of {@code part} until {@link #ready}. */
  public void notReady(String part, String reason) {
    reasons.put(part, reason);
  }

  public void ready(String part) {
    reasons.remove(part);
  }

  @Override
  public List<String> notReady() {
    List<String> all = new ArrayList<>(reasons.values());
    all.sort(null);
    return all;
  }

  @Override
  public String nodeName() {
    return nodeName;
  }
}
