package io.millrace.node.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compare-and-set over one file per persistence id; blocking, one caller per id at a time.
 *
 * <p>A writer owns a random token. A write whose reply was lost finds its own revision and token
 * and succeeds again; another writer's token is {@link FencedException}. A record that is gone, or
 * older but this writer's or its predecessor's, is written again as a whole. Whoever has neither
 * read nor written the record, or has an old view of it, gets {@link StaleRevisionException}. A
 * damaged file does not stop its stream for ever: it is set aside.
 */
final class StateFiles {
  private static final Logger LOG = LoggerFactory.getLogger(StateFiles.class);
  private static final int MAX_KNOWN = 50_000;

  /** Of a record that was read: who had written it; null for no record. */
  private record Predecessor(UUID token, long revision) {
    static final Predecessor NONE = new Predecessor(null, 0);

    boolean wrote(StateRecord record) {
      return record.token().equals(token) && record.revision() <= revision;
    }
  }

  private enum Verdict {
    WRITE,
    WRITE_AGAIN,
    DONE_BEFORE,
    STALE,
    FENCED
  }

  private final Path directory;
  private final UUID token;
  private final DurableFiles files;
  private final Map<String, Predecessor> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Predecessor> eldest) {
              return size() > MAX_KNOWN;
            }
          });

  StateFiles(Path directory, UUID token, DurableFiles files) {
    this.directory = directory;
    this.token = token;
    this.files = files;
  }

  Optional<StateRecord> load(String persistenceId) throws IOException {
    Optional<StateRecord> found = read(persistenceId);
    known.put(
        persistenceId,
        found.map(r -> new Predecessor(r.token(), r.revision())).orElse(Predecessor.NONE));
    return found;
  }

  private Optional<StateRecord> read(String persistenceId) throws IOException {
    Optional<byte[]> bytes = files.read(file(persistenceId));
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    Optional<StateRecord> state = StateRecord.decode(bytes.get());
    return state.isPresent() ? state : setAside(persistenceId);
  }

  /**
   * Damaged bytes are kept beside. A record that this writer knows is gone, then. Of any other
   * nobody knows the revision: a tombstone takes its place, of one that it cannot have reached (the
   * seconds since 1970), so that no epoch that is derived from it comes twice.
   */
  private Optional<StateRecord> setAside(String persistenceId) throws IOException {
    Path file = file(persistenceId);
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    LOG.error("state of {} is damaged, it is lost; its file is kept as {}", persistenceId, aside);
    if (known.containsKey(persistenceId)) {
      return Optional.empty();
    }
    StateRecord tombstone = StateRecord.tombstone(System.currentTimeMillis() / 1000, token);
    files.write(file, tombstone.encode());
    return Optional.of(tombstone);
  }

  /** Writes {@code revision} over {@code revision - 1}. */
  void upsert(String persistenceId, StateRecord next) throws IOException {
    Optional<StateRecord> stored = read(persistenceId);
    String text =
        "revision of "
            + persistenceId
            + ": "
            + stored.map(StateRecord::revision).orElse(0L)
            + " (expected: "
            + (next.revision() - 1)
            + ")";
    switch (judge(stored, next, known.get(persistenceId))) {
      case FENCED -> throw new FencedException(text);
      case STALE -> throw new StaleRevisionException(text);
      case WRITE -> files.write(file(persistenceId), next.encode());
      case WRITE_AGAIN -> {
        LOG.warn("{}, written again as a whole", text);
        files.write(file(persistenceId), next.encode());
      }
      case DONE_BEFORE -> {}
    }
    known.putIfAbsent(persistenceId, Predecessor.NONE);
  }

  private Verdict judge(Optional<StateRecord> stored, StateRecord next, Predecessor predecessor) {
    long before = stored.map(StateRecord::revision).orElse(0L);
    boolean mine = stored.map(s -> s.token().equals(token)).orElse(false);
    if (mine
        && before == next.revision()
        && Arrays.equals(stored.get().payload(), next.payload())) {
      return Verdict.DONE_BEFORE;
    }
    if (predecessor == null) {
      return judgeUnknown(before, next.revision(), stored.isPresent() && !mine);
    }
    if (stored.isPresent() && !mine && !predecessor.wrote(stored.get())) {
      return Verdict.FENCED;
    }
    if (before == next.revision() - 1) {
      return Verdict.WRITE;
    }
    return before < next.revision() ? Verdict.WRITE_AGAIN : Verdict.STALE;
  }

  private static Verdict judgeUnknown(long before, long revision, boolean others) {
    if (before == revision - 1) {
      return Verdict.WRITE;
    }
    return others && before >= revision ? Verdict.FENCED : Verdict.STALE;
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
