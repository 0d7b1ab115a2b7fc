package io.millrace.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories that one contestant writes to; all of them on the same disk, below the build. */
final class Scratch {
  private Scratch() {}

  static Path create(String name) throws IOException {
    Path parent = Path.of(System.getProperty("millrace.home"), "bench", "target", "scratch");
    Files.createDirectories(parent);
    return Files.createTempDirectory(parent, name + "-");
  }

  /** Nothing when it is gone already. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
