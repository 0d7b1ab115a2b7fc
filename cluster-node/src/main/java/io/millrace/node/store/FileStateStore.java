package io.millrace.node.store;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
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
 * Pekko durable-state plugin that keeps one file per persistence id: temporary file, fsync, rename.
 * Configuration: {@code class}, {@code directory}, {@code fsync}, {@code dispatcher}. File access
 * runs on that dispatcher; nothing blocks the caller.
 */
public final class FileStateStore implements DurableStateStoreProvider {
  private final StateFiles files;
  private final Serialization serialization;
  private final Executor executor;
  private final StripedSerial serial;

  public FileStateStore(ExtendedActorSystem system, Config config, String path) {
    this.executor = system.dispatchers().lookup(config.getString("dispatcher"));
    this.serial = new StripedSerial(executor);
    this.serialization = SerializationExtension.get(system);
    this.files =
        new StateFiles(
            DataDirectory.state(Path.of(config.getString("directory"))),
            UUID.randomUUID(),
            new DurableFiles(config.getBoolean("fsync")));
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
    return run(
        persistenceId,
        () -> {
          Optional<StateRecord> found = files.load(persistenceId);
          if (found.isEmpty()) {
            return new Loaded(Optional.empty(), 0);
          }
          StateRecord state = found.get();
          return new Loaded(
              state.deleted() ? Optional.empty() : Optional.of(deserialize(state)),
              state.revision());
        });
  }

  private CompletionStage<Done> upsert(
      String persistenceId, long revision, Object value, String tag) {
    return run(
        persistenceId,
        () -> {
          files.upsert(persistenceId, serialize(revision, value, tag));
          return Done.getInstance();
        });
  }

  private CompletionStage<Done> delete(String persistenceId, long revision) {
    return run(
        persistenceId,
        () -> {
          files.upsert(persistenceId, StateRecord.tombstone(revision, files.token()));
          return Done.getInstance();
        });
  }

  private CompletionStage<Done> deleteAny(String persistenceId) {
    return run(
        persistenceId,
        () -> {
          Optional<StateRecord> found = files.load(persistenceId);
          if (found.isPresent() && !found.get().deleted()) {
            files.upsert(
                persistenceId, StateRecord.tombstone(found.get().revision() + 1, files.token()));
          }
          return Done.getInstance();
        });
  }

  private StateRecord serialize(long revision, Object value, String tag) {
    var serializer = serialization.findSerializerFor(value);
    byte[] payload = serialization.serialize(value).get();
    return new StateRecord(
        revision,
        files.token(),
        false,
        serializer.identifier(),
        Serializers.manifestFor(serializer, value),
        tag,
        payload);
  }

  private Object deserialize(StateRecord state) throws IOException {
    var result = serialization.deserialize(state.payload(), state.serializerId(), state.manifest());
    if (result.isFailure()) {
      throw new IOException("state cannot be read", result.failed().get());
    }
    return result.get();
  }

  private <T> CompletionStage<T> run(String persistenceId, Callable<T> work) {
    return serial.submit(persistenceId, work);
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
