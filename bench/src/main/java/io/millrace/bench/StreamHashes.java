package io.millrace.bench;

import io.millrace.testkit.redis.RedisProbe;
import java.util.List;

/** What Redis says of streams, under the keys that the README names. Not thread-safe. */
final class StreamHashes {
  private final RedisProbe redis;

  StreamHashes(RedisProbe redis) {
    this.redis = redis;
  }

  /** Name of the owner's node; empty when there is none. */
  String owner(String stream) {
    return field(stream, "owner");
  }

  /** The owner's incarnation; empty when there is none. */
  String epoch(String stream) {
    return field(stream, "epoch");
  }

  /** A segment that this incarnation made is stored. */
  boolean hasSegmentOf(String stream, String epoch) {
    List<?> objects = (List<?>) redis.command("SMEMBERS", "millrace:{" + stream + "}:objects");
    return objects.stream().anyMatch(name -> ((String) name).contains(":" + epoch + "-"));
  }

  private String field(String stream, String name) {
    Object value = redis.command("HGET", "millrace:{" + stream + "}:info", name);
    return value == null ? "" : (String) value;
  }
}
