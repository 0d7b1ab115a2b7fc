package io.millrace.node.edge;

import io.millrace.http.HlsStream;
import io.millrace.http.MediaObject;
import io.millrace.http.Playlist;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One stream as this node shows it: the newest snapshot, and one promise for all who wait. */
final class EdgeStream implements HlsStream {
  private final String streamId;
  private final EdgeObjects objects;
  private final boolean recovering;
  private final Parked<Optional<HlsStream>> opening;
  private final Parked<Optional<Playlist>> starting;
  private volatile StreamSnapshot snapshot;

  /**
   * @param parkMillis how long a request waits for the owner, and for the first segments
   * @param recovering the stream was live before this node followed it: until its owner is back
   *     nothing is served
   */
  EdgeStream(String streamId, EdgeObjects objects, long parkMillis, boolean recovering) {
    this.streamId = streamId;
    this.objects = objects;
    this.recovering = recovering;
    this.opening = new Parked<>(Optional.of(this), parkMillis);
    this.starting = new Parked<>(Optional.empty(), parkMillis);
    this.snapshot = StreamSnapshot.empty(streamId);
  }

  void publish(StreamSnapshot next) {
    synchronized (this) {
      if (next.epoch() < snapshot.epoch()) {
        return;
      }
      snapshot = next;
    }
    opening.complete(Optional.of(this));
    if (next.multivariant().isPresent()) {
      starting.complete(next.multivariant());
    }
  }

  /**
   * This stream as soon as its owner is back, so that viewers of a node that was restarted wait
   * instead of failing; after the deadline it is handed out {@link #paused()}. Empty: it is gone.
   */
  CompletionStage<Optional<HlsStream>> opened() {
    if (!paused()) {
      return CompletableFuture.completedFuture(Optional.of(this));
    }
    CompletableFuture<Optional<HlsStream>> waiting = opening.promise();
    if (!paused()) {
      waiting.complete(Optional.of(this));
    }
    return waiting;
  }

  @Override
  public CompletionStage<Optional<Playlist>> multivariant() {
    Optional<Playlist> present = snapshot.multivariant();
    if (present.isPresent()) {
      return CompletableFuture.completedFuture(present);
    }
    CompletableFuture<Optional<Playlist>> waiting = starting.promise();
    Optional<Playlist> meanwhile = snapshot.multivariant();
    if (meanwhile.isPresent()) {
      waiting.complete(meanwhile);
    }
    return waiting;
  }

  @Override
  public Optional<Playlist> mediaPlaylist(String rendition) {
    return Optional.ofNullable(snapshot.media().get(rendition));
  }

  @Override
  public CompletionStage<Optional<MediaObject>> object(String rendition, String name) {
    if (!snapshot.knows(rendition, name)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return objects.get(new ObjectKey(streamId, rendition, name));
  }

  @Override
  public boolean paused() {
    return recovering && snapshot.epoch() == 0;
  }

  /** Those who wait get their answer now: the stream is gone. */
  void close() {
    opening.complete(Optional.empty());
    starting.complete(Optional.empty());
  }
}
