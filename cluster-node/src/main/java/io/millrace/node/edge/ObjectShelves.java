package io.millrace.node.edge;

import io.millrace.http.MediaObject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * What is in memory, one shelf for each stream, so that a stream goes without a look at the others.
 * Thread-safe; reads take no lock.
 */
final class ObjectShelves {

  /** Where a part lies in its segment. */
  record Piece(ObjectKey segment, int offset, int length) {}

  private static final class Shelf {
    final ConcurrentMap<ObjectKey, MediaObject> objects = new ConcurrentHashMap<>();
    final ConcurrentMap<ObjectKey, Piece> pieces = new ConcurrentHashMap<>();

    boolean isEmpty() {
      return objects.isEmpty() && pieces.isEmpty();
    }
  }

  private final ConcurrentMap<String, Shelf> shelves = new ConcurrentHashMap<>();

  /** Null: it is not here. */
  MediaObject object(ObjectKey key) {
    Shelf shelf = shelves.get(key.streamId());
    return shelf == null ? null : shelf.objects.get(key);
  }

  /** Null: it is not known as a piece. */
  Piece piece(ObjectKey key) {
    Shelf shelf = shelves.get(key.streamId());
    return shelf == null ? null : shelf.pieces.get(key);
  }

  void put(ObjectKey key, MediaObject object) {
    add(key, shelf -> shelf.objects.put(key, object));
  }

  void put(ObjectKey key, Piece piece) {
    add(key, shelf -> shelf.pieces.put(key, piece));
  }

  /** A shelf changes only while no other thread takes it away. */
  private void add(ObjectKey key, Consumer<Shelf> change) {
    shelves.compute(
        key.streamId(),
        (id, present) -> {
          Shelf shelf = present == null ? new Shelf() : present;
          change.accept(shelf);
          return shelf;
        });
  }

  void removeObject(ObjectKey key) {
    take(key, shelf -> shelf.objects.remove(key));
  }

  void removePiece(ObjectKey key) {
    take(key, shelf -> shelf.pieces.remove(key));
  }

  private void take(ObjectKey key, Consumer<Shelf> change) {
    shelves.computeIfPresent(
        key.streamId(),
        (id, shelf) -> {
          change.accept(shelf);
          return shelf.isEmpty() ? null : shelf;
        });
  }

  /**
   * @return the objects that were there
   */
  Set<ObjectKey> removeStream(String streamId) {
    Shelf gone = shelves.remove(streamId);
    return gone == null ? Set.of() : gone.objects.keySet();
  }
}
