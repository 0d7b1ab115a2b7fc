package io.millrace.node.edge;

import io.millrace.http.StreamInfo;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** Newest status and thumbnail of each stream that this node owns; written by owners. */
public final class StreamStatuses {
  private static final long WANTED_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ConcurrentMap<String, StreamInfo> streams = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Long> askedNanos = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, byte[]> thumbnails = new ConcurrentHashMap<>();

  public void publish(StreamInfo info) {
    streams.put(info.id(), info);
  }

  /** One that was asked for may come after the stream has left: it is not shown. */
  public void publishThumbnail(String streamId, byte[] jpeg) {
    streams.computeIfPresent(
        streamId,
        (id, info) -> {
          thumbnails.put(id, jpeg);
          return info;
        });
  }

  /** Somebody has asked for a picture of the stream within the last moments. */
  public boolean isPictureWanted(String streamId) {
    Long asked = askedNanos.get(streamId);
    return asked != null && System.nanoTime() - asked < WANTED_NANOS;
  }

  public void remove(String streamId) {
    streams.compute(
        streamId,
        (id, info) -> {
          askedNanos.remove(id);
          thumbnails.remove(id);
          return null;
        });
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
    streams.computeIfPresent(
        streamId,
        (id, info) -> {
          askedNanos.put(id, System.nanoTime());
          return info;
        });
    return Optional.ofNullable(thumbnails.get(streamId));
  }
}
