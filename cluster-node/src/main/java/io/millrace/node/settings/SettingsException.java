package io.millrace.node.settings;

import java.util.List;

/**
 * The configuration breaks one or more rules; every problem is listed, {@code path = value: rule}.
 */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public SettingsException(List<String> problems) {
    super(
        problems.size() == 1
            ? "1 problem in the configuration:\n  " + problems.get(0)
            : problems.size()
                + " problems in the configuration:\n  "
                + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
