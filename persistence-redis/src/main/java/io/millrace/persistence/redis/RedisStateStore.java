package io.millrace.persistence.redis;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.state.DurableStateStoreProvider;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import scala.Option;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Pekko durable-state plugin on Redis. A write fails with {@link RedisFencedException} when another
 * writer has written, and with {@link RedisStaleRevisionException} when this writer has to read
 * again. A write whose answer was lost succeeds when it is tried again; a record that Redis lost
 * under a living writer is written again as a whole and counted.
 */
public final class RedisStateStore implements DurableStateStoreProvider {
  private final RedisStates states;
  private final Serialization serialization;
  private final Executor executor;

  public RedisStateStore(ExtendedActorSystem system, Config config, String path) {
    RedisPersistence redis = RedisPersistence.get(system);
    this.serialization = SerializationExtension.get(system);
    this.executor = system.dispatcher();
    Config own =
        config.withFallback(system.settings().config().getConfig("redis-persistence.state"));
    this.states =
        new RedisStates(
            redis,
            redis.connection(own.getString("connection")),
            UUID.randomUUID().toString(),
            own.getDuration("deleted-retention"));
  }

  @Override
  public org.apache.pekko.persistence.state.scaladsl.DurableStateStore<Object>
      scaladslDurableStateStore() {
    return new ScalaStore();
  }

  @Override
  public org.apache.pekko.persistence.state.javadsl.DurableStateStore<Object>
      javadslDurableStateStore() {
    return new JavaStore();
  }

  private CompletionStage<Loaded> load(String persistenceId) {
    return states
        .load(persistenceId)
        .thenApplyAsync(
            stored -> new Loaded(stored.value().map(this::deserialize), stored.revision()),
            executor);
  }

  private CompletionStage<Done> upsert(
      String persistenceId, long revision, Object value, String tag) {
    return states
        .upsert(persistenceId, revision, serialize(value), tag)
        .thenApply(v -> Done.getInstance());
  }

  private CompletionStage<Done> delete(String persistenceId, long revision) {
    return states.delete(persistenceId, revision).thenApply(v -> Done.getInstance());
  }

  private CompletionStage<Done> deleteAny(String persistenceId) {
    return states
        .load(persistenceId)
        .thenCompose(
            stored ->
                stored.value().isEmpty()
                    ? CompletableFuture.completedStage(Done.getInstance())
                    : delete(persistenceId, stored.revision() + 1));
  }

  private RedisStates.Value serialize(Object value) {
    var serializer = serialization.findSerializerFor(value);
    return new RedisStates.Value(
        serializer.identifier(),
        Serializers.manifestFor(serializer, value),
        serialization.serialize(value).get());
  }

  private Object deserialize(RedisStates.Value value) {
    var result = serialization.deserialize(value.payload(), value.serializerId(), value.manifest());
    if (result.isFailure()) {
      throw new CompletionException("state cannot be read", result.failed().get());
    }
    return result.get();
  }

  private record Loaded(Optional<Object> value, long revision) {}

  private final class ScalaStore
      implements org.apache.pekko.persistence.state.scaladsl.DurableStateUpdateStore<Object> {
    @Override
    public Future<org.apache.pekko.persistence.state.scaladsl.GetObjectResult<Object>> getObject(
        String persistenceId) {
      return FutureConverters.asScala(
          load(persistenceId)
              .thenApply(
                  l ->
                      new org.apache.pekko.persistence.state.scaladsl.GetObjectResult<Object>(
                          Option.apply(l.value().orElse(null)), l.revision())));
    }

    @Override
    public Future<Done> upsertObject(
        String persistenceId, long revision, Object value, String tag) {
      return FutureConverters.asScala(upsert(persistenceId, revision, value, tag));
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still demands it
    public Future<Done> deleteObject(String persistenceId) {
      return FutureConverters.asScala(deleteAny(persistenceId));
    }

    @Override
    public Future<Done> deleteObject(String persistenceId, long revision) {
      return FutureConverters.asScala(delete(persistenceId, revision));
    }
  }

  private final class JavaStore
      implements org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore<Object> {
    @Override
    public CompletionStage<org.apache.pekko.persistence.state.javadsl.GetObjectResult<Object>>
        getObject(String persistenceId) {
      return load(persistenceId)
          .thenApply(
              l ->
                  new org.apache.pekko.persistence.state.javadsl.GetObjectResult<>(
                      l.value(), l.revision()));
    }

    @Override
    public CompletionStage<Done> upsertObject(
        String persistenceId, long revision, Object value, String tag) {
      return upsert(persistenceId, revision, value, tag);
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still demands it
    public CompletionStage<Done> deleteObject(String persistenceId) {
      return deleteAny(persistenceId);
    }

    @Override
    public CompletionStage<Done> deleteObject(String persistenceId, long revision) {
      return delete(persistenceId, revision);
    }
  }
}
