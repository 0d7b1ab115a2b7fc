package io.millrace.persistence.redis;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * Pekko journal plugin on Redis streams. Keys: {@code PREFIX:{ID}:journal} (stream, see {@link
 * RedisEvents}), and with {@code index = on} {@code PREFIX:ids} (set of persistence ids). Replay
 * reads page by page. Tags of events are dropped.
 */
public final class RedisJournal extends AsyncWriteJournal {
  private static final String IDS = "ids";

  private final RedisConnection connection;
  private final RedisEvents events;
  private final Serialization serialization;
  private final int replayPage;
  private final boolean index;

  public RedisJournal(Config config) {
    var system = context().system();
    RedisPersistence redis = RedisPersistence.get(system);
    Config own =
        config.withFallback(system.settings().config().getConfig("redis-persistence.journal"));
    this.connection = redis.connection(own.getString("connection"));
    this.events = new RedisEvents(connection, redis.counters());
    this.serialization = SerializationExtension.get(system);
    this.replayPage = own.getInt("replay-page");
    this.index = own.getBoolean("index");
  }

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    List<Optional<Exception>> rejections = new ArrayList<>();
    CompletionStage<Void> written = CompletableFuture.completedStage(null);
    for (AtomicWrite write : messages) {
      List<RedisEvents.Event> batch = new ArrayList<>();
      Optional<Exception> rejected = serialize(write, batch);
      rejections.add(rejected);
      if (rejected.isEmpty()) {
        written = written.thenCompose(v -> append(write.persistenceId(), batch));
      }
    }
    return FutureConverters.asScala(written.thenApply(v -> rejections));
  }

  private CompletionStage<Void> append(String persistenceId, List<RedisEvents.Event> batch) {
    boolean first = batch.get(0).sequenceNr() == 1;
    return events
        .append(persistenceId, batch)
        .thenCompose(v -> first && index ? indexed(persistenceId) : done());
  }

  private CompletionStage<Void> indexed(String persistenceId) {
    return connection
        .call(c -> c.sadd(connection.key(IDS), RedisConnection.bytes(persistenceId)))
        .thenAccept(count -> {});
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.completedStage(null);
  }

  /** Empty when all could be serialized. */
  private Optional<Exception> serialize(AtomicWrite write, List<RedisEvents.Event> batch) {
    for (PersistentRepr repr : CollectionConverters.asJava(write.payload())) {
      PersistentRepr plain =
          repr.payload() instanceof Tagged tagged ? repr.withPayload(tagged.payload()) : repr;
      var bytes = serialization.serialize(plain);
      if (bytes.isFailure()) {
        return Optional.of(new IllegalArgumentException(bytes.failed().get()));
      }
      batch.add(new RedisEvents.Event(repr.sequenceNr(), bytes.get(), repr.writerUuid()));
    }
    return Optional.empty();
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return FutureConverters.asScala(events.deleteTo(persistenceId, toSequenceNr));
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    return FutureConverters.asScala(events.highest(persistenceId));
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
    return FutureConverters.asScala(replayFrom(persistenceId, from, to, max, replay));
  }

  private CompletionStage<Void> replayFrom(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
    if (max <= 0 || from > to) {
      return done();
    }
    int count = (int) Math.min(replayPage, max);
    return events
        .read(persistenceId, from, to, count)
        .thenCompose(
            page -> {
              page.forEach(event -> replay.accept(deserialize(event)));
              return page.size() < count
                  ? done()
                  : replayFrom(
                      persistenceId,
                      page.get(page.size() - 1).sequenceNr() + 1,
                      to,
                      max - page.size(),
                      replay);
            });
  }

  private PersistentRepr deserialize(RedisEvents.Event event) {
    return serialization.deserialize(event.payload(), PersistentRepr.class).get();
  }
}
