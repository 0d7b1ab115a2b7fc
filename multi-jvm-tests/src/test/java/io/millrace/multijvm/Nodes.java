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

  /** The same; it waits 4 s for a publisher that is gone, so that streams end soon after a run. */
  public static NodeOptions impatient(Class<?> test, String name) throws IOException {
    return single(test, name).withSetting("millrace.stream.reconnect-grace", "4s");
  }
}
