package io.millrace.node.edge;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.http.MediaObject;
import io.millrace.http.UnavailableException;
import io.millrace.media.PartRef;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.edge.ObjectShelves.Piece;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects in memory, bounded for the node: when full the oldest go. What is not here is read from
 * the stream's owner, then from the store; one read per object however many ask. Thread-safe; reads
 * take no lock.
 */
final class EdgeObjects {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeObjects.class);
  private static final Duration OWNER_DEADLINE = Duration.ofSeconds(2);
  private static final Duration STORE_DEADLINE = Duration.ofSeconds(3);

  private final SegmentStore store;
  private final long maxBytes;
  private final ObjectShelves shelves = new ObjectShelves();
  private final ConcurrentMap<ObjectKey, CompletableFuture<Optional<MediaObject>>> reads =
      new ConcurrentHashMap<>();
  private final Map<ObjectKey, Integer> order = new LinkedHashMap<>();
  private volatile ObjectSource owners = ObjectSource.NONE;
  private final LongAdder fromOwners = new LongAdder();
  private final LongAdder fromStore = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private long bytes;

  EdgeObjects(SegmentStore store, long maxBytes) {
    this.store = store;
    this.maxBytes = maxBytes;
  }

  void readFrom(ObjectSource source) {
    owners = source;
  }

  void bindTo(MeterRegistry registry) {
    count(registry, "owner", fromOwners);
    count(registry, "store", fromStore);
    count(registry, "nowhere", failures);
    lookups(registry, "hit", hits);
    lookups(registry, "miss", misses);
    FunctionCounter.builder("millrace.edge.object.evictions", evictions, LongAdder::sum)
        .description("Objects dropped because the memory for them was full")
        .register(registry);
  }

  private static void lookups(MeterRegistry registry, String result, LongAdder lookups) {
    FunctionCounter.builder("millrace.edge.object.lookups", lookups, LongAdder::sum)
        .description("Objects asked for, by whether they were in memory")
        .tag("result", result)
        .register(registry);
  }

  private static void count(MeterRegistry registry, String source, LongAdder reads) {
    FunctionCounter.builder("millrace.edge.object.reads", reads, LongAdder::sum)
        .description("Objects that were not in memory, by where they came from")
        .tag("source", source)
        .register(registry);
  }

  void put(ObjectKey key, byte[] content) {
    shelves.put(key, new MediaObject(content, contentType(key.rendition())));
    synchronized (order) {
      Integer before = order.put(key, content.length);
      bytes += content.length - (before == null ? 0 : before);
      Iterator<Map.Entry<ObjectKey, Integer>> oldest = order.entrySet().iterator();
      while (bytes > maxBytes && oldest.hasNext()) {
        Map.Entry<ObjectKey, Integer> entry = oldest.next();
        oldest.remove();
        bytes -= entry.getValue();
        shelves.removeObject(entry.getKey());
        evictions.increment();
      }
    }
  }

  /**
   * The segment is whole and in memory: from now on its parts are pieces of it, and cost nothing.
   *
   * @param parts all of them
   */
  void putParts(ObjectKey segment, List<PartRef> parts) {
    int offset = 0;
    for (PartRef part : parts) {
      ObjectKey key = new ObjectKey(segment.streamId(), segment.rendition(), part.name());
      shelves.put(key, new Piece(segment, offset, part.bytes()));
      forget(key);
      offset += part.bytes();
    }
  }

  /** Writes an object that is in memory to the store; parts are never stored. */
  void storeAgain(ObjectKey key, long epoch) {
    MediaObject present = PartName.isPart(key.name()) ? null : shelves.object(key);
    if (present != null) {
      store
          .put(key.streamId(), epoch, key.rendition(), key.name(), present.bytes())
          .whenComplete(
              (done, error) -> {
                if (error != null) {
                  LOG.warn("{} is not stored again: {}", key, error.toString());
                }
              });
    }
  }

  void remove(ObjectKey key) {
    shelves.removePiece(key);
    forget(key);
  }

  private void forget(ObjectKey key) {
    shelves.removeObject(key);
    synchronized (order) {
      uncount(key);
    }
  }

  private void uncount(ObjectKey key) {
    Integer size = order.remove(key);
    bytes -= size == null ? 0 : size;
  }

  void removeStream(String streamId) {
    Set<ObjectKey> gone = shelves.removeStream(streamId);
    synchronized (order) {
      gone.forEach(this::uncount);
    }
  }

  /**
   * @param owner where the stream's owner serves objects; {@link Endpoint#NONE}: not known, or here
   * @return empty: there is no such object; failed with {@link UnavailableException}: nobody who
   *     may have it answers
   */
  CompletionStage<Optional<MediaObject>> get(ObjectKey key, Endpoint owner) {
    MediaObject present = shelves.object(key);
    if (present != null) {
      hits.increment();
      return CompletableFuture.completedFuture(Optional.of(present));
    }
    Piece piece = shelves.piece(key);
    if (piece != null) {
      return get(piece.segment(), owner).thenApply(segment -> pieceOf(segment, piece));
    }
    misses.increment();
    CompletableFuture<Optional<MediaObject>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<MediaObject>> other = reads.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    MediaObject meanwhile = shelves.object(key);
    if (meanwhile != null) {
      reads.remove(key, mine);
      mine.complete(Optional.of(meanwhile));
      return mine;
    }
    read(key, owner).whenComplete((content, error) -> finish(key, mine, content, error));
    return mine;
  }

  /** Without asking anybody. */
  Optional<MediaObject> present(ObjectKey key) {
    MediaObject present = shelves.object(key);
    Piece piece = present == null ? shelves.piece(key) : null;
    return piece == null
        ? Optional.ofNullable(present)
        : pieceOf(Optional.ofNullable(shelves.object(piece.segment())), piece);
  }

  private static Optional<MediaObject> pieceOf(Optional<MediaObject> segment, Piece piece) {
    return segment.map(whole -> whole.piece(piece.offset(), piece.length()));
  }

  private void finish(
      ObjectKey key,
      CompletableFuture<Optional<MediaObject>> reader,
      Optional<byte[]> content,
      Throwable error) {
    if (error == null) {
      content.ifPresent(found -> put(key, found));
    }
    reads.remove(key);
    if (error != null) {
      failures.increment();
      reader.completeExceptionally(new UnavailableException("object " + key, error));
    } else {
      reader.complete(content.map(c -> new MediaObject(c, contentType(key.rendition()))));
    }
  }

  private CompletionStage<Optional<byte[]>> read(ObjectKey key, Endpoint owner) {
    if (!owner.isPresent()) {
      return fromStore(key);
    }
    return owners
        .fetch(owner, key.streamId(), key.rendition(), key.name())
        .toCompletableFuture()
        .orTimeout(OWNER_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .handle((found, error) -> orFromStore(key, found, error))
        .thenCompose(Function.identity());
  }

  /** Not having it is an answer only when the owner was asked, too. */
  private CompletionStage<Optional<byte[]>> orFromStore(
      ObjectKey key, Optional<byte[]> found, Throwable ownerError) {
    if (ownerError == null && found.isPresent()) {
      fromOwners.increment();
      return CompletableFuture.completedFuture(found);
    }
    return fromStore(key)
        .thenApply(
            stored -> {
              if (stored.isEmpty() && ownerError != null) {
                throw new CompletionException(ownerError);
              }
              return stored;
            });
  }

  /** Parts are never stored. */
  private CompletionStage<Optional<byte[]>> fromStore(ObjectKey key) {
    if (PartName.isPart(key.name())) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return store
        .get(key.streamId(), key.rendition(), key.name())
        .thenApply(this::counted)
        .toCompletableFuture()
        .orTimeout(STORE_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Optional<byte[]> counted(byte[] stored) {
    if (stored != null) {
      fromStore.increment();
    }
    return Optional.ofNullable(stored);
  }

  long bytes() {
    synchronized (order) {
      return bytes;
    }
  }

  private static String contentType(String rendition) {
    return "audio".equals(rendition) ? "audio/mp4" : "video/mp4";
  }
}
