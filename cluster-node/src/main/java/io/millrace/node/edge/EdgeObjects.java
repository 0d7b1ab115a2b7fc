package io.millrace.node.edge;

import io.millrace.http.MediaObject;
import io.millrace.media.store.SegmentStore;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Objects in memory, bounded for the node: when full the oldest go, and are read from the store
 * when asked for. One read per object however many ask. Thread-safe; reads take no lock.
 */
final class EdgeObjects {
  private final SegmentStore store;
  private final long maxBytes;
  private final ConcurrentMap<ObjectKey, MediaObject> objects = new ConcurrentHashMap<>();
  private final ConcurrentMap<ObjectKey, CompletableFuture<Optional<MediaObject>>> reads =
      new ConcurrentHashMap<>();
  private final Map<ObjectKey, Integer> order = new LinkedHashMap<>();
  private long bytes;

  EdgeObjects(SegmentStore store, long maxBytes) {
    this.store = store;
    this.maxBytes = maxBytes;
  }

  void put(ObjectKey key, byte[] content) {
    objects.put(key, new MediaObject(content, contentType(key.rendition())));
    synchronized (order) {
      Integer before = order.put(key, content.length);
      bytes += content.length - (before == null ? 0 : before);
      Iterator<Map.Entry<ObjectKey, Integer>> oldest = order.entrySet().iterator();
      while (bytes > maxBytes && oldest.hasNext()) {
        Map.Entry<ObjectKey, Integer> entry = oldest.next();
        oldest.remove();
        bytes -= entry.getValue();
        objects.remove(entry.getKey());
      }
    }
  }

  void remove(ObjectKey key) {
    objects.remove(key);
    synchronized (order) {
      Integer size = order.remove(key);
      bytes -= size == null ? 0 : size;
    }
  }

  void removeStream(String streamId) {
    objects.keySet().stream().filter(k -> k.streamId().equals(streamId)).forEach(this::remove);
  }

  CompletionStage<Optional<MediaObject>> get(ObjectKey key) {
    MediaObject present = objects.get(key);
    if (present != null) {
      return CompletableFuture.completedFuture(Optional.of(present));
    }
    CompletableFuture<Optional<MediaObject>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<MediaObject>> other = reads.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    store
        .get(key.streamId(), key.rendition(), key.name())
        .whenComplete(
            (content, error) -> {
              reads.remove(key);
              if (error != null) {
                mine.completeExceptionally(error);
              } else if (content == null) {
                mine.complete(Optional.empty());
              } else {
                put(key, content);
                mine.complete(Optional.of(new MediaObject(content, contentType(key.rendition()))));
              }
            });
    return mine;
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
