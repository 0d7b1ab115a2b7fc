package io.millrace.node.store.redis;

import io.millrace.node.cluster.RedisSettings;
import io.millrace.node.store.NodeStores;
import io.millrace.persistence.redis.RedisFencedStore;
import io.millrace.persistence.redis.RedisPersistence;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores of a node in a cluster. All share one connection, opened when it is first needed: a
 * Redis that is away at the start or later comes back by itself.
 */
public final class RedisStores {
  static final String CONNECTION = "millrace-runtime.redis";
  private static final Logger LOG = LoggerFactory.getLogger(RedisStores.class);
  private static final String STATE_PLUGIN = "millrace-runtime.redis-state-store";

  private final RedisPersistence redis;
  private final RedisStreamDirectory directory;
  private final RedisSegmentStore segments;

  private RedisStores(
      RedisPersistence redis,
      RedisFencedStore store,
      Duration objectExpiry,
      Duration forgottenExpiry) {
    this.redis = redis;
    this.directory = new RedisStreamDirectory(store, forgottenExpiry);
    this.segments = new RedisSegmentStore(store, objectExpiry);
    redis.onRolledBack(this::restore);
  }

  /** What an actor system's configuration must hold on top of the defaults. */
  public static Map<String, Object> config(RedisSettings settings) {
    return Map.of(
        CONNECTION + ".uri", settings.uri(),
        CONNECTION + ".key-prefix", settings.keyPrefix(),
        CONNECTION + ".command-timeout", settings.commandTimeout());
  }

  /**
   * Connects; waits for nothing.
   *
   * @param system whose configuration has {@link #config}
   * @param objectExpiry longer than any playlist or successor needs a segment
   * @param forgottenExpiry how long people still see a stream that is over
   */
  public static RedisStores open(
      ActorSystem<?> system, Duration objectExpiry, Duration forgottenExpiry) {
    var classic = system.classicSystem();
    return new RedisStores(
        RedisPersistence.get(classic),
        RedisFencedStore.open(classic, CONNECTION),
        objectExpiry,
        forgottenExpiry);
  }

  public NodeStores nodeStores() {
    return new NodeStores(
        directory,
        segments,
        STATE_PLUGIN,
        redis::onRolledBack,
        new RedisMeters(redis.counters()),
        this::close);
  }

  private void restore(String streamId) {
    directory
        .restore(streamId)
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                LOG.warn("directory entry of {} is not restored: {}", streamId, error.toString());
              }
            });
  }

  private CompletionStage<Void> close() {
    return redis.close().thenApply(done -> null);
  }
}
