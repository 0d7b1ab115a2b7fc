package io.millrace.node;

import com.typesafe.config.Config;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.state.DurableStateStoreProvider;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;
import org.apache.pekko.persistence.state.javadsl.GetObjectResult;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/** A state store that never answers, for tests that say themselves what was read and written. */
public final class SilentStateStore implements DurableStateStoreProvider {

  public SilentStateStore(ExtendedActorSystem system, Config config, String path) {}

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

  private static <T> Future<T> never() {
    return Promise.<T>apply().future();
  }

  private static final class ScalaStore
      implements org.apache.pekko.persistence.state.scaladsl.DurableStateUpdateStore<Object> {
    @Override
    public Future<org.apache.pekko.persistence.state.scaladsl.GetObjectResult<Object>> getObject(
        String persistenceId) {
      return never();
    }

    @Override
    public Future<Done> upsertObject(
        String persistenceId, long revision, Object value, String tag) {
      return never();
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still demands it
    public Future<Done> deleteObject(String persistenceId) {
      return never();
    }

    @Override
    public Future<Done> deleteObject(String persistenceId, long revision) {
      return never();
    }
  }

  private static final class JavaStore implements DurableStateUpdateStore<Object> {
    @Override
    public CompletionStage<GetObjectResult<Object>> getObject(String persistenceId) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Done> upsertObject(
        String persistenceId, long revision, Object value, String tag) {
      return new CompletableFuture<>();
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still demands it
    public CompletionStage<Done> deleteObject(String persistenceId) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Done> deleteObject(String persistenceId, long revision) {
      return new CompletableFuture<>();
    }
  }
}
