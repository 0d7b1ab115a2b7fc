package io.millrace.bench;

import io.millrace.testkit.process.NodeOptions;
import java.nio.file.Path;

/** What {@code ./millrace} gives the JVM of a node, for nodes that are started without it. */
final class NodeJvm {
  private static final int NEEDS_NO_OPTIONS_SINCE = 20;

  private NodeJvm() {}

  static NodeOptions tuned(NodeOptions options) {
    Path file = Path.of(System.getProperty("millrace.home"), "conf", "jvm-before-20.options");
    return Runtime.version().feature() < NEEDS_NO_OPTIONS_SINCE
        ? options.withJvmArgument("@" + file)
        : options;
  }
}
