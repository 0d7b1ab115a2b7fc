package io.millrace.http;

import java.util.List;

/** Readiness of the node. */
public interface HealthPort {

  /** What keeps the node from being ready, one reason each; empty when it is ready. */
  List<String> notReady();

  String nodeName();
}
