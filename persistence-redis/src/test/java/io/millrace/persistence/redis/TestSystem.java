package io.millrace.persistence.redis;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;

/** An actor system that keeps its state in a Redis of the test. */
final class TestSystem implements AutoCloseable {
  private final ActorSystem system;

  TestSystem(String uri) {
    this(uri, Map.of());
  }

  /**
   * @param more keys of {@code redis-persistence.connection}
   */
  TestSystem(String uri, Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>();
    values.put("redis-persistence.connection.uri", uri);
    values.put("redis-persistence.connection.command-timeout", "500ms");
    more.forEach((key, value) -> values.put("redis-persistence.connection." + key, value));
    Config config = ConfigFactory.parseMap(values).withFallback(ConfigFactory.load());
    this.system = ActorSystem.create("redis-test", config);
  }

  ActorSystem system() {
    return system;
  }

  RedisCounters counters() {
    return RedisPersistence.get(system).counters();
  }

  /** A store as another process would have it. */
  DurableStateUpdateStore<Object> states() {
    return (DurableStateUpdateStore<Object>)
        new RedisStateStore(
                (ExtendedActorSystem) system,
                system.settings().config().getConfig("redis-persistence.state"),
                "test")
            .javadslDurableStateStore();
  }

  RedisFencedStore fenced() {
    return RedisFencedStore.open(system, "redis-persistence.connection");
  }

  /** Waits for the answer of Redis. */
  static <T> T await(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    try {
      await(scala.jdk.javaapi.FutureConverters.asJava(system.terminate()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the actor system does not stop", e);
    }
  }
}
