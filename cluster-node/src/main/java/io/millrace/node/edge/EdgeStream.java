package io.millrace.node.edge;

import io.millrace.http.HlsStream;
import io.millrace.http.MediaObject;
import io.millrace.http.Playlist;
import io.millrace.node.cluster.Endpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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

  private static final long WATCHED_NANOS = Duration.ofSeconds(15).toNanos();
  private static final long ASKED_RESOLUTION_NANOS = Duration.ofSeconds(1).toNanos();

  private final String streamId;
  private final EdgeObjects objects;
  private final boolean recovering;
  private final BooleanSupplier nodePaused;
  private final Parked<Optional<HlsStream>> opening;
  private final Parked<Optional<Playlist>> starting;
  private volatile StreamSnapshot snapshot;
  private volatile Endpoint owner = Endpoint.NONE;
  private volatile long ownedEpoch;
  private volatile int viewersElsewhere;
  private volatile long askedNanos = System.nanoTime() - Duration.ofHours(1).toNanos();
  private final ConcurrentMap<String, Long> fetchedNanos = new ConcurrentHashMap<>();
  private long behindSinceNanos;
  private boolean behind;

  /**
   * @param parkMillis how long a request waits for the owner, and for the first segments
   * @param recovering the stream was live before this node followed it: until its owner is back
   *     nothing is served
   * @param nodePaused nothing that this node knows can be trusted now
   */
  EdgeStream(
      String streamId,
      EdgeObjects objects,
      long parkMillis,
      boolean recovering,
      BooleanSupplier nodePaused) {
    this.streamId = streamId;
    this.objects = objects;
    this.recovering = recovering;
    this.nodePaused = nodePaused;
    this.opening = new Parked<>(Optional.of(this), parkMillis);
    this.starting = new Parked<>(Optional.empty(), parkMillis);
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
        ownedEpoch = 0;
        viewersElsewhere = 0;
      }
    }
  }

  void countElsewhere(int viewers) {
    viewersElsewhere = viewers;
  }

  int viewersElsewhere() {
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
    snapshot = next;
    if (ownedEpoch != 0 && ownedEpoch < next.epoch()) {
      ownedEpoch = 0;
    }
    owner = from;
  }

  /** What was shown has no future: the stream's past was lost with all who knew it. */
  void startOver() {
    synchronized (this) {
      snapshot = StreamSnapshot.empty(streamId);
    }
  }

  // --- who asks ---------------------------------------------------------------------------------

  void asked() {
    long now = System.nanoTime();
    if (now - askedNanos > ASKED_RESOLUTION_NANOS) {
      askedNanos = now;
    }
  }

  /** Time since a viewer asked for the stream on this node, to about a second. */
  Duration idle() {
    return Duration.ofNanos(System.nanoTime() - askedNanos);
  }

  /**
   * This stream as soon as its owner is back, so that viewers of a node that was restarted wait
   * instead of failing; after the deadline it is handed out {@link #paused()}. Empty: it is gone.
   */
  CompletionStage<Optional<HlsStream>> opened() {
    if (!awaitsOwner()) {
      return CompletableFuture.completedFuture(Optional.of(this));
    }
    CompletableFuture<Optional<HlsStream>> waiting = opening.promise();
    if (!awaitsOwner()) {
      waiting.complete(Optional.of(this));
    }
    return waiting;
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
    StreamSnapshot shown = snapshot;
    Endpoint from = owner;
    boolean listed = shown.knows(rendition, name);
    if (listed) {
      fetchedNanos.put(rendition, System.nanoTime());
    }
    if (!listed && !(from.isPresent() && shown.mayKnowSoon(rendition, name))) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return objects.get(new ObjectKey(streamId, rendition, name), from);
  }

  /** Viewers here fetched objects of the rendition a moment ago, and will want the next ones. */
  boolean isWatched(String rendition) {
    Long last = fetchedNanos.get(rendition);
    return last != null && System.nanoTime() - last < WATCHED_NANOS;
  }

  @Override
  public boolean paused() {
    return awaitsOwner() || nodePaused.getAsBoolean();
  }

  /** Those who wait get their answer now: the stream is gone. */
  void close() {
    opening.complete(Optional.empty());
    starting.complete(Optional.empty());
  }
}
