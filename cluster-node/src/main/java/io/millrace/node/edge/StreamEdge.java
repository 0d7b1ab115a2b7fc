package io.millrace.node.edge;

import io.millrace.http.HlsPort;
import io.millrace.http.HlsStream;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.placement.StreamDirectory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * This node's view of all streams for viewers; thread-safe. Owners publish snapshots and objects;
 * an object is put before a snapshot lists it. A stream that is not known here is looked up in the
 * directory: asking for a random name starts nothing and writes nothing.
 */
public final class StreamEdge implements HlsPort {
  private final EdgeSettings settings;
  private final StreamDirectory directory;
  private final EdgeObjects objects;
  private final ConcurrentMap<String, EdgeStream> streams = new ConcurrentHashMap<>();

  public StreamEdge(EdgeSettings settings, StreamDirectory directory, SegmentStore store) {
    this.settings = settings;
    this.directory = directory;
    this.objects = new EdgeObjects(store, settings.maxObjectBytes());
  }

  @Override
  public CompletionStage<Optional<HlsStream>> open(String streamId) {
    EdgeStream known = streams.get(streamId);
    if (known != null) {
      return known.opened();
    }
    return directory.get(streamId).thenCompose(this::follow);
  }

  private CompletionStage<Optional<HlsStream>> follow(Optional<DirectoryEntry> entry) {
    return entry.isEmpty()
        ? CompletableFuture.completedFuture(Optional.empty())
        : stream(entry.get().streamId(), entry.get().hasStarted()).opened();
  }

  private EdgeStream stream(String streamId, boolean recovering) {
    return streams.computeIfAbsent(
        streamId, id -> new EdgeStream(id, objects, settings.parkTimeout().toMillis(), recovering));
  }

  public void putObject(String streamId, String rendition, String name, byte[] bytes) {
    objects.put(new ObjectKey(streamId, rendition, name), bytes);
  }

  public void removeObjects(String streamId, String rendition, List<String> names) {
    names.forEach(name -> objects.remove(new ObjectKey(streamId, rendition, name)));
  }

  public void publish(StreamSnapshot snapshot) {
    stream(snapshot.streamId(), true).publish(snapshot);
  }

  /** The stream has ended and is past its retention. */
  public void remove(String streamId) {
    EdgeStream gone = streams.remove(streamId);
    if (gone != null) {
      gone.close();
    }
    objects.removeStream(streamId);
  }

  /** Bytes of objects in memory. */
  public long objectBytes() {
    return objects.bytes();
  }
}
