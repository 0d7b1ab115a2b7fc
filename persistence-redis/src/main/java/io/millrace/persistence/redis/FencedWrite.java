package io.millrace.persistence.redis;

import static io.millrace.persistence.redis.RedisConnection.bytes;

import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Changes of one group that are made together or, when a higher epoch has written, not at all. Made
 * by {@link RedisFencedStore#write}, used once, not thread-safe.
 */
public final class FencedWrite {
  private static final RedisScript SCRIPT =
      RedisScript.load("fenced-write", ScriptOutputType.INTEGER);

  private final RedisConnection connection;
  private final RedisCounters counters;
  private final Fence fence;
  private final List<String> keys = new ArrayList<>();
  private final List<byte[]> arguments = new ArrayList<>();
  private Duration epochRetention;

  FencedWrite(
      RedisConnection connection, RedisCounters counters, Fence fence, Duration epochRetention) {
    this.connection = connection;
    this.counters = counters;
    this.fence = fence;
    this.epochRetention = epochRetention;
    keys.add(RedisFencedStore.epochKey(connection, fence.group()));
  }

  /** Sets a value that is gone after {@code expiry}. */
  public FencedWrite putBlob(String name, byte[] value, Duration expiry) {
    return add("SET", name, value, bytes("PX"), bytes(expiry.toMillis()));
  }

  /** Sets these fields of a hash and leaves others. */
  public FencedWrite putFields(String name, Map<String, String> fields) {
    List<byte[]> words = new ArrayList<>();
    fields.forEach(
        (field, value) -> {
          words.add(bytes(field));
          words.add(bytes(value));
        });
    return add("HSET", name, words.toArray(byte[][]::new));
  }

  public FencedWrite removeFields(String name, Collection<String> fields) {
    return fields.isEmpty() ? this : add("HDEL", name, words(fields));
  }

  public FencedWrite addMembers(String name, Collection<String> members) {
    return members.isEmpty() ? this : add("SADD", name, words(members));
  }

  public FencedWrite removeMembers(String name, Collection<String> members) {
    return members.isEmpty() ? this : add("SREM", name, words(members));
  }

  public FencedWrite delete(String name) {
    return add("UNLINK", name);
  }

  /** The key is gone after this time, whatever it holds. */
  public FencedWrite expire(String name, Duration expiry) {
    return add("PEXPIRE", name, bytes(expiry.toMillis()));
  }

  /** Ends {@link #expire}. */
  public FencedWrite keep(String name) {
    return add("PERSIST", name);
  }

  /** This is the group's last write: its epoch is forgotten with it. */
  public FencedWrite forgetEpoch() {
    epochRetention = Duration.ZERO;
    return this;
  }

  /**
   * Makes the changes. The stage fails with {@link RedisFencedException} when a higher epoch has
   * written, with others when Redis did not answer: then they may have been made, and may be made
   * again.
   */
  public CompletionStage<Void> run() {
    List<byte[]> words = new ArrayList<>();
    words.add(bytes(fence.epoch()));
    words.add(bytes(epochRetention.toMillis()));
    words.addAll(arguments);
    CompletionStage<Long> seen =
        connection.eval(SCRIPT, keys.toArray(String[]::new), words.toArray(byte[][]::new));
    return seen.thenAccept(this::check);
  }

  private void check(long seen) {
    if (seen > fence.epoch()) {
      counters.fenced();
      throw new RedisFencedException(
          "epoch of " + fence.group() + ": " + fence.epoch() + " (expected: " + seen + " or more)");
    }
  }

  private FencedWrite add(String command, String name, byte[]... words) {
    String key = connection.key(fence.group(), name);
    int index = keys.indexOf(key);
    if (index < 0) {
      index = keys.size();
      keys.add(key);
    }
    arguments.add(bytes(words.length + 2));
    arguments.add(bytes(command));
    arguments.add(bytes(index + 1));
    arguments.addAll(Arrays.asList(words));
    return this;
  }

  private static byte[][] words(Collection<String> texts) {
    return texts.stream().map(RedisConnection::bytes).toArray(byte[][]::new);
  }
}
