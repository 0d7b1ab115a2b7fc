package io.millrace.node.store.redis;

import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.placement.StreamDescription;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A directory entry as the fields of its hash, with names and values that people can read. */
final class DirectoryFields {
  static final String FORGOTTEN = "forgotten";
  private static final String STATUS = "status";
  private static final String VIEWERS = "viewers";
  private static final String SLOT = "slot";
  private static final String OWNER = "owner";
  private static final String EPOCH = "epoch";
  private static final String STARTED_AT = "startedAt";

  private DirectoryFields() {}

  static Map<String, String> of(DirectoryEntry entry) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(STATUS, entry.status());
    fields.put(
        STARTED_AT,
        entry.startedAtMs() == 0 ? "" : Instant.ofEpochMilli(entry.startedAtMs()).toString());
    fields.put(OWNER, entry.owner());
    fields.put(EPOCH, Long.toString(entry.epoch()));
    fields.put(SLOT, Integer.toString(entry.slot()));
    return fields;
  }

  static Map<String, String> of(DirectoryEntry entry, StreamDescription description) {
    Map<String, String> fields = of(entry);
    fields.put(VIEWERS, Integer.toString(description.viewers()));
    fields.put("qualities", String.join(",", description.qualities()));
    return fields;
  }

  static Map<String, String> forgotten() {
    return Map.of(STATUS, "ENDED", VIEWERS, "0", FORGOTTEN, Instant.now().toString());
  }

  /** Empty for a stream that is not known, is forgotten, or whose fields are damaged. */
  static Optional<DirectoryEntry> read(String streamId, Map<String, String> fields) {
    if (!fields.containsKey(STATUS) || fields.containsKey(FORGOTTEN)) {
      return Optional.empty();
    }
    try {
      String startedAt = fields.getOrDefault(STARTED_AT, "");
      return Optional.of(
          new DirectoryEntry(
              streamId,
              Integer.parseInt(fields.get(SLOT)),
              fields.get(STATUS),
              fields.getOrDefault(OWNER, ""),
              Long.parseLong(fields.get(EPOCH)),
              startedAt.isEmpty() ? 0 : Instant.parse(startedAt).toEpochMilli()));
    } catch (NumberFormatException | java.time.format.DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
