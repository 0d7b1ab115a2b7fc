package io.millrace.node.edge;

import io.millrace.http.StreamInfo;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Newest status and thumbnail of each stream that this node owns; written by owners. */
public final class StreamStatuses {
  private final ConcurrentMap<String, StreamInfo> streams = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, byte[]> thumbnails = new ConcurrentHashMap<>();

  public void publish(StreamInfo info) {
    streams.put(info.id(), info);
  }

  public void publishThumbnail(String streamId, byte[] jpeg) {
    thumbnails.put(streamId, jpeg);
  }

  public void remove(String streamId) {
    streams.remove(streamId);
    thumbnails.remove(streamId);
  }

  public Collection<StreamInfo> all() {
    return streams.values();
  }

  /** How many streams are in this state, as {@link StreamInfo#state()} names it. */
  public long count(String state) {
    return streams.values().stream().filter(info -> info.state().equals(state)).count();
  }

  public Optional<StreamInfo> get(String streamId) {
    return Optional.ofNullable(streams.get(streamId));
  }

  Optional<byte[]> thumbnail(String streamId) {
    return Optional.ofNullable(thumbnails.get(streamId));
  }
}
