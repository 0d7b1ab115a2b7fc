package io.millrace.persistence.redis;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What this process knows of the durable-state records that it has read or written: by it a record
 * that went back to an older one is told apart from another writer's. Bounded; a record that fell
 * out is compared by revision alone. Thread-safe.
 */
final class StateWriters {
  private static final int MAX_KNOWN = 50_000;

  /**
   * The record that was read before the first write.
   *
   * @param token of the writer who wrote it; empty for no record
   * @param revision 0 for no record
   */
  record Predecessor(String token, long revision) {
    static final Predecessor NONE = new Predecessor("", 0);
  }

  private final Map<String, Predecessor> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Predecessor> eldest) {
          return size() > MAX_KNOWN;
        }
      };

  synchronized void onRead(String persistenceId, Predecessor predecessor) {
    known.put(persistenceId, predecessor);
  }

  synchronized void onWritten(String persistenceId) {
    known.putIfAbsent(persistenceId, Predecessor.NONE);
  }

  /** Null when this process knows nothing of the record. */
  synchronized Predecessor get(String persistenceId) {
    return known.get(persistenceId);
  }
}
