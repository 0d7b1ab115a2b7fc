package io.millrace.persistence.redis;

import static io.millrace.persistence.redis.RedisConnection.bytes;
import static io.millrace.persistence.redis.RedisConnection.text;

import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compare-and-set over one hash per persistence id, {@code PREFIX:{ID}:state}, with the fields
 * revision, writer (its token), deleted, serializer, manifest, tag, payload. A writer has a random
 * token; state-upsert.lua says what may be written over what.
 */
final class RedisStates {
  private static final Logger LOG = LoggerFactory.getLogger(RedisStates.class);
  private static final RedisScript UPSERT =
      RedisScript.load("state-upsert", ScriptOutputType.MULTI);
  private static final String[] FIELDS = {
    "revision", "writer", "deleted", "serializer", "manifest", "payload"
  };

  /** A record as it is stored; a deleted one has no value. */
  record Stored(long revision, Optional<Value> value) {
    static final Stored NONE = new Stored(0, Optional.empty());
  }

  record Value(int serializerId, String manifest, byte[] payload) {}

  private final RedisConnection connection;
  private final RedisPersistence redis;
  private final StateWriters writers = new StateWriters();
  private final String token;
  private final Duration deletedRetention;

  RedisStates(
      RedisPersistence redis, RedisConnection connection, String token, Duration retention) {
    this.connection = connection;
    this.redis = redis;
    this.token = token;
    this.deletedRetention = retention;
  }

  CompletionStage<Stored> load(String persistenceId) {
    return connection
        .call(commands -> commands.hmget(key(persistenceId), FIELDS))
        .thenApply(fields -> stored(persistenceId, fields));
  }

  private Stored stored(
      String persistenceId, List<io.lettuce.core.KeyValue<String, byte[]>> fields) {
    if (!fields.get(0).hasValue()) {
      writers.onRead(persistenceId, StateWriters.Predecessor.NONE);
      return Stored.NONE;
    }
    long revision = Long.parseLong(text(fields.get(0).getValue()));
    writers.onRead(
        persistenceId, new StateWriters.Predecessor(text(fields.get(1).getValue()), revision));
    if (text(fields.get(2).getValue()).equals("1")) {
      return new Stored(revision, Optional.empty());
    }
    return new Stored(
        revision,
        Optional.of(
            new Value(
                Integer.parseInt(text(fields.get(3).getValue())),
                text(fields.get(4).getValue()),
                fields.get(5).getValue())));
  }

  /** Writes {@code revision} over {@code revision - 1}. */
  CompletionStage<Void> upsert(String persistenceId, long revision, Value value, String tag) {
    return write(persistenceId, revision, value, tag, false);
  }

  /** Keeps the revision and forgets the value. */
  CompletionStage<Void> delete(String persistenceId, long revision) {
    return write(persistenceId, revision, new Value(0, "", new byte[0]), "", true);
  }

  private CompletionStage<Void> write(
      String persistenceId, long revision, Value value, String tag, boolean deleted) {
    StateWriters.Predecessor known = writers.get(persistenceId);
    StateWriters.Predecessor before = known == null ? StateWriters.Predecessor.NONE : known;
    CompletionStage<List<Object>> outcome =
        connection.eval(
            UPSERT,
            new String[] {key(persistenceId)},
            bytes(revision),
            bytes(token),
            bytes(known == null ? "0" : "1"),
            bytes(before.token()),
            bytes(before.revision()),
            bytes(deleted ? deletedRetention.toMillis() : 0),
            bytes(deleted ? "1" : "0"),
            bytes(value.serializerId()),
            bytes(value.manifest()),
            bytes(tag),
            value.payload());
    return outcome.thenAccept(
        reply -> onOutcome(persistenceId, revision, text(reply.get(0)), text(reply.get(1))));
  }

  private void onOutcome(String persistenceId, long revision, String outcome, String before) {
    switch (outcome) {
      case "written" -> writers.onWritten(persistenceId);
      case "repeated" -> {
        redis.counters().repeated();
        writers.onWritten(persistenceId);
      }
      case "rewritten" -> {
        writers.onWritten(persistenceId);
        LOG.warn(
            "{}: Redis had revision {}, written again as revision {}",
            persistenceId,
            before,
            revision);
        redis.rolledBack(persistenceId);
      }
      case "fenced" -> {
        redis.counters().fenced();
        throw new RedisFencedException(message(persistenceId, before, revision));
      }
      default -> throw new RedisStaleRevisionException(message(persistenceId, before, revision));
    }
  }

  private static String message(String persistenceId, String before, long revision) {
    return "revision of "
        + persistenceId
        + ": "
        + before
        + " (expected: "
        + (revision - 1)
        + ", by this writer or the one before it)";
  }

  private String key(String persistenceId) {
    return connection.key(persistenceId, "state");
  }
}
