package io.millrace.node.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Compare-and-set over one file per persistence id; blocking, one caller per id at a time.
 *
 * <p>A writer owns a random token. A write whose reply was lost finds its own revision and token
 * and succeeds again; another writer's token is {@link FencedException}; a record that is gone or
 * older than the writer's is {@link StaleRevisionException}.
 */
final class StateFiles {
  private final Path directory;
  private final UUID token;
  private final DurableFiles files;

  StateFiles(Path directory, UUID token, DurableFiles files) {
    this.directory = directory;
    this.token = token;
    this.files = files;
  }

  Optional<StateRecord> load(String persistenceId) throws IOException {
    Optional<byte[]> bytes = files.read(file(persistenceId));
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    StateRecord state =
        StateRecord.decode(bytes.get())
            .orElseThrow(
                () ->
                    new IOException("state of " + persistenceId + ": damaged (expected: intact)"));
    return Optional.of(state);
  }

  /** Writes {@code revision} over {@code revision - 1}. */
  void upsert(String persistenceId, StateRecord next) throws IOException {
    Optional<StateRecord> stored = load(persistenceId);
    long storedRevision = stored.map(StateRecord::revision).orElse(0L);
    if (storedRevision == next.revision() - 1) {
      files.write(file(persistenceId), next.encode());
      return;
    }
    boolean ours = stored.map(s -> s.token().equals(token)).orElse(true);
    if (ours && storedRevision == next.revision()) {
      return;
    }
    String text =
        "revision of "
            + persistenceId
            + ": "
            + storedRevision
            + " (expected: "
            + (next.revision() - 1)
            + ")";
    if (!ours && storedRevision >= next.revision()) {
      throw new FencedException(text);
    }
    throw new StaleRevisionException(text);
  }

  UUID token() {
    return token;
  }

  private Path file(String persistenceId) {
    StringBuilder name = new StringBuilder();
    for (byte b : persistenceId.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      name.append(plain ? String.valueOf(c) : String.format("%%%02x", (int) c));
    }
    return directory.resolve(name + ".state");
  }
}
