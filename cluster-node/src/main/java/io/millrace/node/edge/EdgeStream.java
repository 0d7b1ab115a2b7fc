package io.millrace.node.edge;

import io.millrace.http.HlsStream;
import io.millrace.http.MediaObject;
import io.millrace.http.Playlist;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** One stream as this node shows it: the newest snapshot, and one promise for all who wait. */
final class EdgeStream implements HlsStream {
  private final String streamId;
  private final EdgeObjects objects;
  private final long parkMillis;
  private final boolean recovering;
  private final AtomicReference<CompletableFuture<Optional<Playlist>>> parked =
      new AtomicReference<>();
  private volatile StreamSnapshot snapshot;

  /**
   * @param recovering the stream was live before this node followed it: until its owner is back
   *     nothing is served
   */
  EdgeStream(String streamId, EdgeObjects objects, long parkMillis, boolean recovering) {
    this.streamId = streamId;
    this.objects = objects;
    this.parkMillis = parkMillis;
    this.recovering = recovering;
    this.snapshot = StreamSnapshot.empty(streamId);
  }

  void publish(StreamSnapshot next) {
    synchronized (this) {
      if (next.epoch() < snapshot.epoch()) {
        return;
      }
      snapshot = next;
    }
    if (next.multivariant().isPresent()) {
      CompletableFuture<Optional<Playlist>> waiting = parked.getAndSet(null);
      if (waiting != null) {
        waiting.complete(next.multivariant());
      }
    }
  }

  @Override
  public CompletionStage<Optional<Playlist>> multivariant() {
    Optional<Playlist> present = snapshot.multivariant();
    if (present.isPresent()) {
      return CompletableFuture.completedFuture(present);
    }
    CompletableFuture<Optional<Playlist>> waiting = parked.updateAndGet(this::sharedPromise);
    Optional<Playlist> meanwhile = snapshot.multivariant();
    if (meanwhile.isPresent()) {
      waiting.complete(meanwhile);
    }
    return waiting;
  }

  private CompletableFuture<Optional<Playlist>> sharedPromise(
      CompletableFuture<Optional<Playlist>> current) {
    if (current != null && !current.isDone()) {
      return current;
    }
    return new CompletableFuture<Optional<Playlist>>()
        .completeOnTimeout(Optional.empty(), parkMillis, TimeUnit.MILLISECONDS);
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
    CompletableFuture<Optional<Playlist>> waiting = parked.getAndSet(null);
    if (waiting != null) {
      waiting.complete(Optional.empty());
    }
  }
}
