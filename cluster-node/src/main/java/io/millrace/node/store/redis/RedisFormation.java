package io.millrace.node.store.redis;

import io.millrace.node.cluster.FormationRegister;
import io.millrace.persistence.redis.RedisFencedStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The formation's id under {@code PREFIX:formation}, the address of a node under {@code
 * PREFIX:node:NAME}; both expire.
 */
public final class RedisFormation implements FormationRegister {
  private static final String FORMATION = "formation";
  private static final String NODE = "node:";

  private final RedisFencedStore store;

  private RedisFormation(RedisFencedStore store) {
    this.store = store;
  }

  /** On the connection that all stores of the node share. */
  public static RedisFormation open(ActorSystem<?> system) {
    return new RedisFormation(
        RedisFencedStore.open(system.classicSystem(), RedisStores.CONNECTION));
  }

  @Override
  public CompletionStage<Optional<String>> holder() {
    return store.value(FORMATION);
  }

  @Override
  public CompletionStage<String> hold(String formation, Duration expiry) {
    return store.hold(FORMATION, formation, expiry);
  }

  @Override
  public CompletionStage<Void> release(String formation) {
    return store.release(FORMATION, formation);
  }

  @Override
  public CompletionStage<String> holdName(String name, String address, Duration expiry) {
    return store.hold(NODE + name, address, expiry);
  }

  @Override
  public CompletionStage<Void> releaseName(String name, String address) {
    return store.release(NODE + name, address);
  }
}
