package io.millrace.node.edge;

import io.millrace.http.MediaObject;
import io.millrace.http.Playlist;
import io.millrace.http.ReloadAnswer;
import io.millrace.http.ReloadAnswer.Outcome;
import io.millrace.http.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;

/**
 * The requests of one stream that wait for a version of a playlist or for a part: one {@link Crowd}
 * for each, answered by the version that has it, by the stream's end, or by a deadline. They
 * outlive the stream's owner. Thread-safe.
 */
final class StreamWaits {
  /** A stream that nobody was heard to own for so long is not waited for. */
  static final Duration OWNERLESS = Duration.ofSeconds(8);

  private static final long LAST_MILLIS = 8000;
  private static final long STANDING_MILLIS = 6000;

  private record Part(String rendition, String name) {}

  private final EdgeStream stream;
  private final ParkingLot lot;
  private final ConcurrentMap<ReloadTarget, Crowd<ReloadAnswer>> reloads =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<Part, Crowd<Optional<MediaObject>>> parts = new ConcurrentHashMap<>();

  StreamWaits(EdgeStream stream, ParkingLot lot) {
    this.stream = stream;
    this.lot = lot;
  }

  // --- playlists --------------------------------------------------------------------------------

  CompletionStage<ReloadAnswer> reload(ReloadTarget target) {
    StreamSnapshot shown = stream.snapshot();
    Playlist newest = shown.media().get(target.rendition());
    if (newest == null) {
      return now(Outcome.UNKNOWN, null);
    }
    if (target.isReachedBy(shown)) {
      return now(Outcome.REACHED, newest);
    }
    if (target.isTooFarFor(shown, stream.progress().furthest(target.rendition()))) {
      return now(Outcome.TOO_FAR, null);
    }
    if (stream.silence().compareTo(OWNERLESS) > 0) {
      return now(Outcome.OWNERLESS, null);
    }
    return join(target, newest);
  }

  private CompletionStage<ReloadAnswer> now(Outcome outcome, Playlist playlist) {
    return CompletableFuture.completedFuture(lot.counters().now(outcome, playlist));
  }

  private CompletionStage<ReloadAnswer> join(ReloadTarget target, Playlist newest) {
    Crowd<ReloadAnswer> crowd = reloads.computeIfAbsent(target, wanted -> crowdFor(wanted, newest));
    Optional<CompletionStage<ReloadAnswer>> joined = crowd.join();
    StreamSnapshot meanwhile = stream.snapshot();
    Playlist later = meanwhile.media().getOrDefault(target.rendition(), newest);
    if (target.isReachedBy(meanwhile)) {
      answer(target, crowd, Outcome.REACHED, later);
    }
    if (joined.isPresent()) {
      return joined.get();
    }
    if (!crowd.isOver()) {
      return now(Outcome.OVERLOADED, null);
    }
    return now(target.isReachedBy(meanwhile) ? Outcome.REACHED : Outcome.UNCHANGED, later);
  }

  private Crowd<ReloadAnswer> crowdFor(ReloadTarget target, Playlist newest) {
    Crowd<ReloadAnswer> crowd = new Crowd<>(lot);
    untilDeadline(crowd, newest.targetDurationSeconds(), () -> expire(target, crowd));
    return crowd;
  }

  private void expire(ReloadTarget target, Crowd<ReloadAnswer> crowd) {
    Playlist newest = stream.snapshot().media().get(target.rendition());
    if (newest == null) {
      answer(target, crowd, Outcome.UNKNOWN, null);
    } else if (stream.silence().compareTo(OWNERLESS) > 0) {
      answer(target, crowd, Outcome.OWNERLESS, null);
    } else {
      answer(target, crowd, Outcome.UNCHANGED, newest);
    }
  }

  private void answer(
      ReloadTarget target, Crowd<ReloadAnswer> crowd, Outcome outcome, Playlist playlist) {
    reloads.remove(target, crowd);
    lot.counters().waited(outcome, crowd.answer(ReloadAnswer.now(outcome, playlist)));
  }

  // --- parts ------------------------------------------------------------------------------------

  /** A part that is not whole yet, when it is. Empty: it will not come. */
  CompletionStage<Optional<MediaObject>> part(String rendition, String name) {
    Part part = new Part(rendition, name);
    Crowd<Optional<MediaObject>> crowd = parts.computeIfAbsent(part, this::crowdFor);
    Optional<CompletionStage<Optional<MediaObject>>> joined = crowd.join();
    StreamSnapshot meanwhile = stream.snapshot();
    if (!stream.awaits(meanwhile, rendition, name)) {
      answer(part, crowd, meanwhile);
    }
    if (joined.isPresent()) {
      return joined.get();
    }
    return crowd.isOver()
        ? stream.presentObject(meanwhile, rendition, name)
        : CompletableFuture.failedFuture(new UnavailableException("part " + name, null));
  }

  private Crowd<Optional<MediaObject>> crowdFor(Part part) {
    Crowd<Optional<MediaObject>> crowd = new Crowd<>(lot);
    Playlist playlist = stream.snapshot().media().get(part.rendition());
    int targetSeconds = playlist == null ? 1 : playlist.targetDurationSeconds();
    untilDeadline(crowd, targetSeconds, () -> giveUp(part, crowd));
    return crowd;
  }

  private void giveUp(Part part, Crowd<Optional<MediaObject>> crowd) {
    if (parts.remove(part, crowd)) {
      crowd.answer(Optional.empty());
    }
  }

  private void answer(Part part, Crowd<Optional<MediaObject>> crowd, StreamSnapshot shown) {
    parts.remove(part, crowd);
    var unused =
        stream
            .presentObject(shown, part.rendition(), part.name())
            .whenComplete(
                (object, failure) -> {
                  if (failure == null) {
                    crowd.answer(object);
                  } else {
                    crowd.fail(failure);
                  }
                });
  }

  // --- what ends a wait -------------------------------------------------------------------------

  /**
   * A stream whose owner is heard but that stands still has lost its publisher: its players get
   * what there is before they give up. Without an owner the next one may be near.
   */
  private void untilDeadline(Crowd<?> crowd, int targetSeconds, Runnable expire) {
    long standing = Math.min(1500L * targetSeconds, STANDING_MILLIS);
    long last = Math.min(3000L * targetSeconds, LAST_MILLIS);
    BooleanSupplier stands = () -> stream.hasStoodStillFor(Duration.ofMillis(standing));
    crowd.after(
        standing,
        () -> {
          if (stands.getAsBoolean()) {
            expire.run();
          } else {
            crowd.after(last - standing, expire);
          }
        });
  }

  /** The snapshot is shown now. */
  void shown(StreamSnapshot next) {
    reloads.forEach(
        (target, crowd) -> {
          if (target.isReachedBy(next)) {
            answer(target, crowd, Outcome.REACHED, next.media().get(target.rendition()));
          }
        });
    parts.forEach(
        (part, crowd) -> {
          if (!stream.awaits(next, part.rendition(), part.name())) {
            answer(part, crowd, next);
          }
        });
  }

  /** The stream is gone. */
  void close() {
    reloads.forEach((target, crowd) -> answer(target, crowd, Outcome.UNKNOWN, null));
    parts.forEach(this::giveUp);
  }
}
