package io.millrace.multijvm;

import io.millrace.testkit.process.NodeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where nodes under test keep their data and logs: {@code target/nodes/}, kept until a clean. */
public final class Nodes {
  private static final Path ROOT = Path.of("target", "nodes");

  private Nodes() {}

  /** A single node with an empty directory of its own. */
  public static NodeOptions single(Class<?> test, String name) throws IOException {
    Files.createDirectories(ROOT);
    Path directory = Files.createTempDirectory(ROOT, test.getSimpleName() + "-" + name + "-");
    return NodeOptions.single(name, directory.toAbsolutePath());
  }
}
