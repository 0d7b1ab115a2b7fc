package io.millrace.node.edge;

import io.millrace.http.HlsStream;
import io.millrace.http.MediaObject;
import io.millrace.http.Playlist;
import io.millrace.http.ReloadAnswer;
import io.millrace.http.ViewerSample;
import io.millrace.node.cluster.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * One stream as this node shows it: the newest snapshot, one promise for all who wait, and where
 * the snapshots come from. It never shows less than it showed: a snapshot of a later owner is taken
 * from the moment on that it has caught up. Thread-safe.
 */
final class EdgeStream implements HlsStream {

  /** What became of a snapshot. */
  enum Outcome {
    SHOWN,
    /** Of an earlier owner, or a version that is shown already. */
    OLD,
    /** Of a later owner that has not caught up with what is shown. */
    BEHIND
  }

  /** A later owner that stays behind for so long has lost the stream's past: it counts. */
  static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(15);

  private final String streamId;
  private final EdgeObjects objects;
  private final boolean recovering;
  private final BooleanSupplier nodePaused;
  private final Parked<Optional<HlsStream>> opening;
  private final Parked<Optional<Playlist>> starting;
  private final StreamWaits waits;
  private final FormerParts formerParts;
  private final Watching watching = new Watching();
  private final StreamProgress progress = new StreamProgress();
  private volatile StreamSnapshot snapshot;
  private volatile Endpoint owner = Endpoint.NONE;
  private volatile long ownedEpoch;
  private volatile List<ViewerSample> viewersElsewhere = List.of();
  private long behindSinceNanos;
  private boolean behind;

  /**
   * @param lot of the requests that wait on this node
   * @param recovering the stream was live before this node followed it: until its owner is back
   *     nothing is served
   * @param nodePaused nothing that this node knows can be trusted now
   */
  EdgeStream(
      String streamId,
      EdgeObjects objects,
      ParkingLot lot,
      boolean recovering,
      BooleanSupplier nodePaused) {
    this.streamId = streamId;
    this.objects = objects;
    this.recovering = recovering;
    this.nodePaused = nodePaused;
    this.opening = new Parked<>(Optional.of(this), lot);
    this.starting = new Parked<>(Optional.empty(), lot);
    this.waits = new StreamWaits(this, lot);
    this.formerParts = new FormerParts(streamId, objects);
    this.snapshot = StreamSnapshot.empty(streamId);
  }

  String streamId() {
    return streamId;
  }

  StreamSnapshot snapshot() {
    return snapshot;
  }

  // --- where snapshots come from ----------------------------------------------------------------

  /** From the owner on this node. */
  Outcome publishOwned(StreamSnapshot next) {
    synchronized (this) {
      if (next.epoch() >= snapshot.epoch()) {
        ownedEpoch = next.epoch();
        owner = Endpoint.NONE;
      }
    }
    return publish(next, Endpoint.NONE, System.nanoTime());
  }

  /** The owner with this epoch is not on this node any more. */
  void released(long epoch) {
    synchronized (this) {
      if (ownedEpoch == epoch) {
        disown();
      }
    }
  }

  /** Whoever owns the stream next is waited for from now on. */
  private void disown() {
    progress.heard();
    ownedEpoch = 0;
    viewersElsewhere = List.of();
  }

  void countElsewhere(List<ViewerSample> sessions) {
    viewersElsewhere = sessions;
  }

  /** One for each node that follows the stream, of a stream that this node owns. */
  List<ViewerSample> viewersElsewhere() {
    return viewersElsewhere;
  }

  boolean isOwnedHere() {
    return ownedEpoch != 0;
  }

  /**
   * @param from where the snapshot's owner serves objects; {@link Endpoint#NONE}: from this node
   */
  Outcome publish(StreamSnapshot next, Endpoint from, long nowNanos) {
    synchronized (this) {
      if (!next.isNewerThan(snapshot)) {
        return Outcome.OLD;
      }
      if (next.isBehind(snapshot) && mayCatchUp(nowNanos)) {
        return Outcome.BEHIND;
      }
      show(next, from);
    }
    waits.shown(next);
    opening.complete(Optional.of(this));
    if (next.multivariant().isPresent()) {
      starting.complete(next.multivariant());
    }
    return Outcome.SHOWN;
  }

  private boolean mayCatchUp(long nowNanos) {
    if (!behind) {
      behind = true;
      behindSinceNanos = nowNanos;
    }
    return nowNanos - behindSinceNanos < CATCH_UP_LIMIT.toNanos();
  }

  private void show(StreamSnapshot next, Endpoint from) {
    behind = false;
    formerParts.replaced(snapshot, next);
    progress.shown(snapshot, next);
    snapshot = next;
    if (ownedEpoch != 0 && ownedEpoch < next.epoch()) {
      disown();
    }
    owner = from;
  }

  StreamProgress progress() {
    return progress;
  }

  /** Time since the owner was heard. */
  Duration silence() {
    return isOwnedHere() ? Duration.ZERO : progress.silence();
  }

  /** The owner is there, but has had nothing new for so long. */
  boolean hasStoodStillFor(Duration time) {
    return silence().compareTo(EdgeFollower.SILENCE) <= 0
        && progress.standstill().compareTo(time) >= 0;
  }

  /** What was shown has no future: the stream's past was lost with all who knew it. */
  void startOver() {
    synchronized (this) {
      progress.startOver();
      snapshot = StreamSnapshot.empty(streamId);
    }
  }

  // --- who asks ---------------------------------------------------------------------------------

  Watching watching() {
    return watching;
  }

  /**
   * This stream as soon as its owner is back, so that viewers of a node that was restarted wait
   * instead of failing; after the deadline it is handed out {@link #paused()}. Empty: it is gone.
   */
  CompletionStage<Optional<HlsStream>> opened() {
    if (!awaitsOwner()) {
      return CompletableFuture.completedFuture(Optional.of(this));
    }
    CompletionStage<Optional<HlsStream>> waiting = opening.join();
    if (awaitsOwner()) {
      return waiting;
    }
    opening.complete(Optional.of(this));
    return CompletableFuture.completedFuture(Optional.of(this));
  }

  private boolean awaitsOwner() {
    return recovering && snapshot.epoch() == 0;
  }

  @Override
  public CompletionStage<Optional<Playlist>> multivariant() {
    Optional<Playlist> present = snapshot.multivariant();
    if (present.isPresent()) {
      return CompletableFuture.completedFuture(present);
    }
    CompletionStage<Optional<Playlist>> waiting = starting.join();
    Optional<Playlist> meanwhile = snapshot.multivariant();
    if (meanwhile.isEmpty()) {
      return waiting;
    }
    starting.complete(meanwhile);
    return CompletableFuture.completedFuture(meanwhile);
  }

  @Override
  public Optional<Playlist> mediaPlaylist(String rendition) {
    return Optional.ofNullable(snapshot.media().get(rendition));
  }

  @Override
  public CompletionStage<ReloadAnswer> reload(String rendition, long msn, int part) {
    return waits.reload(new ReloadTarget(rendition, msn, part));
  }

  @Override
  public CompletionStage<Optional<MediaObject>> object(String rendition, String name) {
    StreamSnapshot shown = snapshot;
    return awaits(shown, rendition, name)
        ? waits.part(rendition, name)
        : presentObject(shown, rendition, name);
  }

  /** An object that exists if the name is right. */
  CompletionStage<Optional<MediaObject>> presentObject(
      StreamSnapshot shown, String rendition, String name) {
    Endpoint from = owner;
    boolean listed = shown.knows(rendition, name);
    if (listed) {
      watching.fetched(rendition, name);
    }
    if (listed || (from.isPresent() && shown.mayKnowSoon(rendition, name))) {
      return objects.get(new ObjectKey(streamId, rendition, name), from);
    }
    return CompletableFuture.completedFuture(formerParts.get(rendition, name));
  }

  @Override
  public boolean awaits(String rendition, String name) {
    return awaits(snapshot, rendition, name);
  }

  /** No node is ahead of the owner's: there only the hinted part is waited for. */
  boolean awaits(StreamSnapshot shown, String rendition, String name) {
    return shown.hintsAt(rendition, name)
        || (owner.isPresent()
            && PartName.isPart(name)
            && !shown.knows(rendition, name)
            && shown.mayHintSoon(rendition, name));
  }

  /**
   * Objects that a later version does not list, but that stay fetchable: parts of former owners.
   */
  boolean keeps(String rendition, String name) {
    return formerParts.has(rendition, name);
  }

  @Override
  public boolean paused() {
    return awaitsOwner() || nodePaused.getAsBoolean();
  }

  /** Those who wait get their answer now: the stream is gone. */
  void close() {
    waits.close();
    opening.complete(Optional.empty());
    starting.complete(Optional.empty());
  }
}
