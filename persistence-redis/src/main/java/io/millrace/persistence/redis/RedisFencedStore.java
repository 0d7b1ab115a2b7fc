package io.millrace.persistence.redis;

import static io.millrace.persistence.redis.RedisConnection.bytes;
import static io.millrace.persistence.redis.RedisConnection.text;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;

/**
 * Values in Redis for a group of writers of which only the newest may write: blobs with expiry,
 * hashes and sets in groups ({@code PREFIX:{GROUP}:NAME}), guarded by an epoch ({@code
 * PREFIX:{GROUP}:epoch}); and a few values without a group ({@code PREFIX:NAME}), unguarded.
 * Thread-safe; blocks nobody. A failed stage other than {@link RedisFencedException} means that
 * Redis did not answer.
 */
public final class RedisFencedStore {
  private static final RedisScript HASH_IF_ABSENT =
      RedisScript.load("hash-if-absent", ScriptOutputType.MULTI);
  private static final RedisScript HOLD = RedisScript.load("hold", ScriptOutputType.VALUE);
  private static final RedisScript RELEASE = RedisScript.load("release", ScriptOutputType.INTEGER);

  private final RedisConnection connection;
  private final RedisCounters counters;
  private final Duration epochRetention;

  private RedisFencedStore(
      RedisConnection connection, RedisCounters counters, Duration epochRetention) {
    this.connection = connection;
    this.counters = counters;
    this.epochRetention = epochRetention;
  }

  /**
   * A store on the connection of a configuration section; the same connection for every caller.
   *
   * @param connectionPath section with the keys of {@code redis-persistence.connection}
   * @throws IllegalArgumentException if the section is not valid
   */
  public static RedisFencedStore open(ActorSystem system, String connectionPath) {
    RedisPersistence redis = RedisPersistence.get(system);
    return new RedisFencedStore(
        redis.connection(connectionPath),
        redis.counters(),
        system.settings().config().getDuration("redis-persistence.fenced.epoch-retention"));
  }

  // --- groups -----------------------------------------------------------------------------------

  /** Changes of the fence's group, made by {@link FencedWrite#run}. */
  public FencedWrite write(Fence fence) {
    return new FencedWrite(connection, counters, fence, epochRetention);
  }

  public CompletionStage<Optional<byte[]>> blob(String group, String name) {
    return connection.call(c -> c.get(connection.key(group, name))).thenApply(Optional::ofNullable);
  }

  /** Empty when there is no such hash. */
  public CompletionStage<Map<String, String>> hash(String group, String name) {
    return connection
        .call(c -> c.hgetall(connection.key(group, name)))
        .thenApply(RedisFencedStore::texts);
  }

  public CompletionStage<Set<String>> members(String group, String name) {
    return connection
        .call(c -> c.smembers(connection.key(group, name)))
        .thenApply(RedisFencedStore::texts);
  }

  /**
   * Makes a hash unless there is one; needs no epoch, since it replaces nothing.
   *
   * @param voidField a hash that has this field counts as none; empty: every hash counts
   * @param expiry of a new hash; zero: never
   * @return the hash that holds afterwards
   */
  public CompletionStage<Map<String, String>> putHashIfAbsent(
      String group, String name, Map<String, String> fields, String voidField, Duration expiry) {
    List<byte[]> words = new ArrayList<>();
    words.add(bytes(voidField));
    words.add(bytes(expiry.toMillis()));
    fields.forEach(
        (field, value) -> {
          words.add(bytes(field));
          words.add(bytes(value));
        });
    CompletionStage<List<Object>> flat =
        connection.eval(
            HASH_IF_ABSENT,
            new String[] {connection.key(group, name)},
            words.toArray(byte[][]::new));
    return flat.thenApply(RedisFencedStore::pairs);
  }

  // --- without a group --------------------------------------------------------------------------

  public CompletionStage<Void> addMember(String name, String member) {
    return connection
        .call(c -> c.sadd(connection.key(name), bytes(member)))
        .thenAccept(added -> {});
  }

  public CompletionStage<Void> removeMember(String name, String member) {
    return connection
        .call(c -> c.srem(connection.key(name), bytes(member)))
        .thenAccept(removed -> {});
  }

  public CompletionStage<Set<String>> members(String name) {
    return connection
        .call(c -> c.smembers(connection.key(name)))
        .thenApply(RedisFencedStore::texts);
  }

  public CompletionStage<Optional<String>> value(String name) {
    return connection
        .call(c -> c.get(connection.key(name)))
        .thenApply(found -> Optional.ofNullable(found).map(RedisConnection::text));
  }

  /**
   * @return the value that holds afterwards: one that was there wins
   */
  public CompletionStage<String> putIfAbsent(String name, String value) {
    return connection
        .call(c -> c.set(connection.key(name), bytes(value), SetArgs.Builder.nx()))
        .thenCompose(done -> value(name))
        .thenApply(found -> found.orElse(value));
  }

  /** Sets a value that is gone after {@code expiry} unless it is set again. */
  public CompletionStage<Void> put(String name, String value, Duration expiry) {
    return connection
        .call(c -> c.set(connection.key(name), bytes(value), SetArgs.Builder.px(expiry.toMillis())))
        .thenAccept(ok -> {});
  }

  /**
   * Takes or keeps a name for a holder.
   *
   * @param expiry the name is free again when it is not held anew within it
   * @return who holds it afterwards
   */
  public CompletionStage<String> hold(String name, String holder, Duration expiry) {
    CompletionStage<byte[]> now =
        connection.eval(
            HOLD, new String[] {connection.key(name)}, bytes(holder), bytes(expiry.toMillis()));
    return now.thenApply(RedisConnection::text);
  }

  /** Frees a name if this holder holds it. */
  public CompletionStage<Void> release(String name, String holder) {
    CompletionStage<Long> released =
        connection.eval(RELEASE, new String[] {connection.key(name)}, bytes(holder));
    return released.thenAccept(count -> {});
  }

  static String epochKey(RedisConnection connection, String group) {
    return connection.key(group, "epoch");
  }

  private static Map<String, String> texts(Map<String, byte[]> fields) {
    Map<String, String> texts = new LinkedHashMap<>();
    fields.forEach((field, value) -> texts.put(field, text(value)));
    return texts;
  }

  private static Set<String> texts(Set<byte[]> members) {
    Set<String> texts = new TreeSet<>();
    members.forEach(member -> texts.add(text(member)));
    return texts;
  }

  private static Map<String, String> pairs(List<Object> flat) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      fields.put(text(flat.get(i)), text(flat.get(i + 1)));
    }
    return fields;
  }
}
