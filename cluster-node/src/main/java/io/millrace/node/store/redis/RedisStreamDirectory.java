package io.millrace.node.store.redis;

import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.placement.StreamDescription;
import io.millrace.node.placement.StreamDirectory;
import io.millrace.node.store.FencedException;
import io.millrace.persistence.redis.Fence;
import io.millrace.persistence.redis.RedisFencedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The directory of a cluster: the hash {@code PREFIX:{STREAM}:info} per stream, readable with
 * {@code HGETALL}, the set {@code PREFIX:streams} of all that have one, and the set {@code
 * PREFIX:live} of those that are live or reconnecting. Only the newest owner writes. A forgotten
 * stream's hash stays for people for a while, marked. Reads are answered from memory for a second.
 */
final class RedisStreamDirectory implements StreamDirectory {
  private static final String INFO = "info";
  private static final String STREAMS = "streams";
  private static final String LIVE = "live";
  private static final Duration STARTING_EXPIRY = Duration.ofMinutes(10);
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(1);
  private static final int MAX_CACHED = 20_000;
  private static final int MAX_QUESTIONS = 500;
  private static final Set<String> LIVE_STATUSES = Set.of("LIVE", "RECONNECTING");

  private final RedisFencedStore store;
  private final ConcurrentMap<String, DirectoryEntry> written = new ConcurrentHashMap<>();
  private final InOrder inOrder = new InOrder();
  private final Duration forgottenExpiry;
  private final DirectoryCache cache =
      new DirectoryCache(TIME_TO_LIVE, MAX_CACHED, MAX_QUESTIONS, System::nanoTime);

  /**
   * @param forgottenExpiry how long people still see a stream that is over
   */
  RedisStreamDirectory(RedisFencedStore store, Duration forgottenExpiry) {
    this.store = store;
    this.forgottenExpiry = forgottenExpiry;
  }

  @Override
  public CompletionStage<DirectoryEntry> putIfAbsent(DirectoryEntry entry) {
    return store
        .putHashIfAbsent(
            entry.streamId(),
            INFO,
            DirectoryFields.of(entry),
            DirectoryFields.FORGOTTEN,
            STARTING_EXPIRY)
        .thenCombine(
            store.addMember(STREAMS, entry.streamId()),
            (fields, added) -> DirectoryFields.read(entry.streamId(), fields).orElse(entry))
        .whenComplete(
            (holds, error) -> {
              if (holds != null) {
                cache.put(holds.streamId(), Optional.of(holds));
              }
            });
  }

  @Override
  public CompletionStage<Void> update(DirectoryEntry entry) {
    written.put(entry.streamId(), entry);
    return inOrder.submit(entry.streamId(), () -> write(entry, DirectoryFields.of(entry)));
  }

  @Override
  public CompletionStage<Void> describe(StreamDescription description) {
    String streamId = description.streamId();
    return inOrder.isBusy(streamId)
        ? CompletableFuture.completedStage(null)
        : inOrder.submit(streamId, () -> writeAgain(description));
  }

  /**
   * Redis has lost data, maybe the entry of a stream that this node owns: writes it now. Until the
   * next description nothing else would, and viewers' nodes take a stream without entry for gone.
   */
  CompletionStage<Void> restore(String streamId) {
    DirectoryEntry entry = written.get(streamId);
    return entry == null
        ? CompletableFuture.completedStage(null)
        : inOrder.submit(streamId, () -> write(entry, DirectoryFields.of(entry)));
  }

  private CompletionStage<Void> writeAgain(StreamDescription description) {
    DirectoryEntry entry = written.get(description.streamId());
    return entry == null || entry.epoch() != description.epoch()
        ? CompletableFuture.completedStage(null)
        : write(entry, DirectoryFields.of(entry, description));
  }

  private CompletionStage<Void> write(DirectoryEntry entry, Map<String, String> fields) {
    String streamId = entry.streamId();
    cache.put(streamId, Optional.of(entry));
    return store
        .write(new Fence(streamId, entry.epoch()))
        .putFields(INFO, fields)
        .removeFields(INFO, List.of(DirectoryFields.FORGOTTEN))
        .keep(INFO)
        .run()
        .thenCompose(done -> list(streamId, LIVE_STATUSES.contains(entry.status())))
        .handle((done, error) -> unlessFenced(entry, error))
        .thenCompose(stage -> stage);
  }

  private CompletionStage<Void> list(String streamId, boolean live) {
    return store
        .addMember(STREAMS, streamId)
        .thenCombine(
            live ? store.addMember(LIVE, streamId) : store.removeMember(LIVE, streamId),
            (a, b) -> null);
  }

  @Override
  public CompletionStage<Void> remove(String streamId, long epoch) {
    written.remove(streamId);
    return inOrder.submit(streamId, () -> forget(streamId, epoch));
  }

  private CompletionStage<Void> forget(String streamId, long epoch) {
    return store
        .write(new Fence(streamId, epoch))
        .putFields(INFO, DirectoryFields.forgotten())
        .expire(INFO, forgottenExpiry)
        .forgetEpoch()
        .run()
        .thenCompose(done -> unlist(streamId))
        .handle((done, error) -> unlessFenced(error))
        .thenCompose(stage -> stage);
  }

  private CompletionStage<Void> unlist(String streamId) {
    cache.put(streamId, Optional.empty());
    return store
        .removeMember(STREAMS, streamId)
        .thenCombine(store.removeMember(LIVE, streamId), (a, b) -> null);
  }

  @Override
  public CompletionStage<Optional<DirectoryEntry>> get(String streamId) {
    return cache.get(streamId, this::read);
  }

  private CompletionStage<Optional<DirectoryEntry>> read(String streamId) {
    return store.hash(streamId, INFO).thenApply(fields -> DirectoryFields.read(streamId, fields));
  }

  @Override
  public CompletionStage<List<DirectoryEntry>> all() {
    return store.members(STREAMS).thenCompose(this::readAll);
  }

  private CompletionStage<List<DirectoryEntry>> readAll(Set<String> streamIds) {
    CompletionStage<List<DirectoryEntry>> all = CompletableFuture.completedStage(new ArrayList<>());
    for (String streamId : streamIds) {
      CompletionStage<Optional<DirectoryEntry>> entry = read(streamId);
      all =
          all.thenCombine(
              entry,
              (list, found) -> {
                found.ifPresentOrElse(list::add, () -> unlistExpired(streamId));
                return list;
              });
    }
    return all;
  }

  /** Its hash has expired. */
  private void unlistExpired(String streamId) {
    var unused = unlist(streamId);
  }

  /** Another node owns the stream now: the entry is not this node's to write again. */
  private CompletionStage<Void> unlessFenced(DirectoryEntry entry, Throwable error) {
    if (error != null && FencedException.isCauseOf(error)) {
      written.remove(entry.streamId(), entry);
      cache.forget(entry.streamId());
    }
    return unlessFenced(error);
  }

  private static CompletionStage<Void> unlessFenced(Throwable error) {
    return error == null || FencedException.isCauseOf(error)
        ? CompletableFuture.completedStage(null)
        : CompletableFuture.failedStage(error);
  }
}
