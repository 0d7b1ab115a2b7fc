package io.millrace.node.store.redis;

import static io.millrace.node.store.ObjectNames.isSafe;
import static io.millrace.node.store.ObjectNames.safe;

import io.millrace.media.store.SegmentStore;
import io.millrace.persistence.redis.Fence;
import io.millrace.persistence.redis.FencedWrite;
import io.millrace.persistence.redis.RedisFencedStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Objects as values {@code PREFIX:{STREAM}:object:RENDITION:NAME} with an expiry, and the set
 * {@code PREFIX:{STREAM}:objects} of their names. The owner deletes what no playlist needs; the
 * expiry is for streams whose owner is gone.
 */
final class RedisSegmentStore implements SegmentStore {
  private static final String NAMES = "objects";
  private static final Duration LONGEST_RENEWAL = Duration.ofMinutes(1);

  private final RedisFencedStore store;
  private final Duration expiry;

  RedisSegmentStore(RedisFencedStore store, Duration expiry) {
    this.store = store;
    this.expiry = expiry;
  }

  @Override
  public CompletionStage<Void> put(
      String streamId, long epoch, String rendition, String name, byte[] bytes) {
    String object = safe(rendition) + ":" + safe(name);
    return store
        .write(new Fence(streamId, epoch))
        .putBlob(key(object), bytes, expiry)
        .addMembers(NAMES, List.of(object))
        .expire(NAMES, expiry)
        .run();
  }

  @Override
  public Optional<Duration> renewal() {
    Duration part = expiry.dividedBy(8);
    return Optional.of(part.compareTo(LONGEST_RENEWAL) < 0 ? part : LONGEST_RENEWAL);
  }

  @Override
  public CompletionStage<byte[]> get(String streamId, String rendition, String name) {
    if (!isSafe(streamId) || !isSafe(rendition) || !isSafe(name)) {
      return CompletableFuture.completedStage(null);
    }
    return store.blob(streamId, key(rendition + ":" + name)).thenApply(found -> found.orElse(null));
  }

  @Override
  public CompletionStage<Void> delete(
      String streamId, long epoch, String rendition, List<String> names) {
    List<String> objects = names.stream().map(name -> rendition + ":" + name).toList();
    return delete(streamId, epoch, objects).run();
  }

  @Override
  public CompletionStage<Void> deleteStream(String streamId, long epoch) {
    return store
        .members(streamId, NAMES)
        .thenCompose(objects -> deleteAll(streamId, epoch, objects));
  }

  private CompletionStage<Void> deleteAll(String streamId, long epoch, Set<String> objects) {
    return delete(streamId, epoch, List.copyOf(objects)).forgetEpoch().run();
  }

  private FencedWrite delete(String streamId, long epoch, List<String> objects) {
    FencedWrite write = store.write(new Fence(streamId, epoch));
    objects.forEach(object -> write.delete(key(object)));
    return write.removeMembers(NAMES, objects);
  }

  private static String key(String object) {
    return "object:" + object;
  }
}
