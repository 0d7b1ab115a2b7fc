package io.millrace.node.store;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a single node keeps its state.
 *
 * @param dataDirectory state, directory and segments; locked by one process
 * @param fsync force files and directories to disk before a write counts as durable; without it a
 *     power failure (not a crash of the process) may lose what was acknowledged
 */
public record StoreSettings(Path dataDirectory, boolean fsync) {
  public StoreSettings {
    Objects.requireNonNull(dataDirectory, "dataDirectory");
  }
}
