package io.millrace.persistence.redis;

import com.typesafe.config.Config;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Redis connections of one actor system, one per configuration section; all plugins that name
 * the same section share one. They are closed as the last thing before the system stops.
 */
public final class RedisPersistence implements Extension {
  private static final Logger LOG = LoggerFactory.getLogger(RedisPersistence.class);
  private static final Id ID = new Id();

  private final Config config;
  private final RedisCounters counters = new RedisCounters();
  private final List<Consumer<String>> rollbackListeners = new CopyOnWriteArrayList<>();
  private final ConcurrentMap<String, RedisConnection> connections = new ConcurrentHashMap<>();

  private RedisPersistence(ExtendedActorSystem system) {
    this.config = system.settings().config();
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "close-redis-connections",
            this::close);
  }

  public static RedisPersistence get(ActorSystem system) {
    return ID.get(system);
  }

  /** What happened on all connections of this system. */
  public RedisCounters counters() {
    return counters;
  }

  /**
   * Tells, on the client's threads, the persistence id of each durable state that Redis had lost or
   * had an older one of, after its writer wrote it again. What else was in Redis may be lost too.
   */
  public void onRolledBack(Consumer<String> listener) {
    rollbackListeners.add(listener);
  }

  void rolledBack(String persistenceId) {
    counters.rolledBack();
    rollbackListeners.forEach(listener -> listener.accept(persistenceId));
  }

  /**
   * The connection of a section with the keys of {@code redis-persistence.connection}.
   *
   * @throws IllegalArgumentException if the section is not valid
   */
  RedisConnection connection(String path) {
    return connections.computeIfAbsent(path, this::open);
  }

  private RedisConnection open(String path) {
    RedisConnection connection =
        new RedisConnection(RedisConnectionSettings.of(config, path), counters);
    var unused =
        connection
            .call(RedisPersistence::persistence)
            .whenComplete((info, error) -> warnWhenNotDurable(info, error));
    return connection;
  }

  private static CompletionStage<String> persistence(
      RedisClusterAsyncCommands<String, byte[]> commands) {
    return commands.info("persistence");
  }

  private static void warnWhenNotDurable(String info, Throwable error) {
    if (error != null) {
      LOG.warn("Redis does not answer yet: {}", RedisErrors.rootOf(error).toString());
    } else if (info.contains("aof_enabled:0")) {
      LOG.warn(
          "Redis has no append-only file (appendonly no): what was acknowledged is lost when it"
              + " restarts. Set \"appendonly yes\" in redis.conf.");
    }
  }

  /** Closes all connections; what is asked of them afterwards fails. */
  public CompletionStage<Done> close() {
    CompletableFuture<?>[] all =
        connections.values().stream()
            .map(connection -> connection.close().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(all).thenApply(v -> Done.getInstance());
  }

  private static final class Id extends AbstractExtensionId<RedisPersistence> {
    @Override
    public RedisPersistence createExtension(ExtendedActorSystem system) {
      return new RedisPersistence(system);
    }
  }
}
