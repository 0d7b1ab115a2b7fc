package io.millrace.persistence.redis;

import static io.millrace.persistence.redis.RedisConnection.bytes;
import static io.millrace.persistence.redis.RedisConnection.text;

import com.typesafe.config.Config;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.serialization.Snapshot;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Pekko snapshot plugin on Redis. Keys: {@code PREFIX:{ID}:snapshots} (sorted set of {@code
 * SEQUENCE-NUMBER:TIMESTAMP}) and {@code PREFIX:{ID}:snapshot-data} (hash of the same to
 * snapshots).
 */
public final class RedisSnapshotStore extends SnapshotStore {
  private static final RedisScript SAVE =
      RedisScript.load("snapshot-save", ScriptOutputType.INTEGER);
  private static final RedisScript DELETE =
      RedisScript.load("snapshot-delete", ScriptOutputType.INTEGER);

  private final RedisConnection connection;
  private final Serialization serialization;

  public RedisSnapshotStore(Config config) {
    var system = context().system();
    Config own =
        config.withFallback(system.settings().config().getConfig("redis-persistence.snapshot"));
    this.connection = RedisPersistence.get(system).connection(own.getString("connection"));
    this.serialization = SerializationExtension.get(system);
  }

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return FutureConverters.asScala(
        matching(persistenceId, criteria)
            .thenCompose(
                found ->
                    found.isEmpty()
                        ? CompletableFuture.completedStage(Optional.empty())
                        : load(found.get(0))));
  }

  private CompletionStage<Optional<SelectedSnapshot>> load(SnapshotMetadata metadata) {
    return connection
        .call(c -> c.hget(data(metadata.persistenceId()), member(metadata)))
        .thenApply(
            payload ->
                Optional.ofNullable(payload)
                    .map(p -> SelectedSnapshot.create(metadata, deserialize(p))));
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    byte[] payload = serialization.serialize(new Snapshot(snapshot)).get();
    CompletionStage<Long> saved =
        connection.eval(
            SAVE,
            keys(metadata.persistenceId()),
            bytes(metadata.sequenceNr()),
            bytes(metadata.timestamp()),
            payload);
    return FutureConverters.asScala(saved.thenAccept(count -> {}));
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    long sequenceNr = metadata.sequenceNr();
    SnapshotSelectionCriteria criteria =
        metadata.timestamp() == 0
            ? SnapshotSelectionCriteria.create(sequenceNr, Long.MAX_VALUE, sequenceNr, 0)
            : SnapshotSelectionCriteria.create(
                sequenceNr, metadata.timestamp(), sequenceNr, metadata.timestamp());
    return doDeleteAsync(metadata.persistenceId(), criteria);
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return FutureConverters.asScala(
        matching(persistenceId, criteria).thenCompose(found -> delete(persistenceId, found)));
  }

  private CompletionStage<Void> delete(String persistenceId, List<SnapshotMetadata> found) {
    if (found.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    CompletionStage<Long> deleted =
        connection.eval(
            DELETE,
            keys(persistenceId),
            found.stream().map(m -> bytes(member(m))).toArray(byte[][]::new));
    return deleted.thenAccept(count -> {});
  }

  /** Newest first. */
  private CompletionStage<List<SnapshotMetadata>> matching(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return connection
        .call(
            c ->
                c.zrevrangebyscore(
                    keys(persistenceId)[0],
                    Range.create(criteria.minSequenceNr(), criteria.maxSequenceNr())))
        .thenApply(
            members ->
                members.stream()
                    .map(member -> metadata(persistenceId, text(member)))
                    .filter(criteria::matches)
                    .toList());
  }

  private static String member(SnapshotMetadata metadata) {
    return metadata.sequenceNr() + ":" + metadata.timestamp();
  }

  private static SnapshotMetadata metadata(String persistenceId, String member) {
    int colon = member.indexOf(':');
    return new SnapshotMetadata(
        persistenceId,
        Long.parseLong(member.substring(0, colon)),
        Long.parseLong(member.substring(colon + 1)));
  }

  private Object deserialize(byte[] payload) {
    return serialization.deserialize(payload, Snapshot.class).get().data();
  }

  private String[] keys(String persistenceId) {
    return new String[] {connection.key(persistenceId, "snapshots"), data(persistenceId)};
  }

  private String data(String persistenceId) {
    return connection.key(persistenceId, "snapshot-data");
  }
}
