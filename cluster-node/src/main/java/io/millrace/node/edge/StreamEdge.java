package io.millrace.node.edge;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.http.HlsPort;
import io.millrace.http.HlsStream;
import io.millrace.http.MediaObject;
import io.millrace.http.UnavailableException;
import io.millrace.http.ViewerCounts;
import io.millrace.http.ViewerSample;
import io.millrace.http.ViewerTracker;
import io.millrace.media.MediaSegment;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.placement.StreamDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * This node's view of all streams for viewers; thread-safe. Owners on this node publish snapshots
 * and objects; an object is put before a snapshot lists it. Streams that other nodes own are
 * followed while viewers ask for them. A stream that is not known here is looked up in the
 * directory: asking for a random name starts nothing and writes nothing.
 */
public final class StreamEdge implements HlsPort {
  private final EdgeSettings settings;
  private final StreamDirectory directory;
  private final EdgeObjects objects;
  private final FollowedObjects followedObjects;
  private final ParkingLot lot;
  private final PushDelay pushDelay = new PushDelay();
  private final FollowedStreams followed;
  private final ConcurrentMap<String, EdgeStream> streams = new ConcurrentHashMap<>();
  private volatile Predicate<String> paused = streamId -> false;
  private volatile ViewerCounts viewers = new ViewerTracker();

  public StreamEdge(EdgeSettings settings, StreamDirectory directory, SegmentStore store) {
    this.settings = settings;
    this.followed = new FollowedStreams(settings.idleLimit());
    this.directory = directory;
    this.objects = new EdgeObjects(store, settings.maxObjectBytes());
    this.followedObjects = new FollowedObjects(objects);
    this.lot = new ParkingLot(settings);
  }

  /**
   * @param inDoubt what this node knows of a stream may be old: it is not served
   */
  public void refuseWhile(Predicate<String> inDoubt) {
    paused = inDoubt;
  }

  /**
   * @param playbackSessions on this node
   */
  public void countViewersBy(ViewerCounts playbackSessions) {
    viewers = playbackSessions;
  }

  /** Requests that waited for media are answered on {@code executor}. */
  public void answerOn(Executor executor) {
    lot.answerOn(executor);
  }

  /** Objects of streams that other nodes own come from {@code source}. */
  public void readObjectsFrom(ObjectSource source) {
    objects.readFrom(source);
  }

  Duration idleLimit() {
    return settings.idleLimit();
  }

  /** Streams that other nodes own are followed by children of {@code parent}. */
  public void followBy(ActorRef<EdgeFollowers.Command> parent) {
    followed.followBy(parent);
  }

  // --- viewers ----------------------------------------------------------------------------------

  @Override
  public CompletionStage<Optional<HlsStream>> open(String streamId) {
    EdgeStream known = streams.get(streamId);
    if (known != null) {
      return open(known);
    }
    if (followed.isGone(streamId)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return directory
        .get(streamId)
        .handle((entry, failure) -> found(streamId, entry, failure))
        .thenCompose(this::open);
  }

  private static Optional<DirectoryEntry> found(
      String streamId, Optional<DirectoryEntry> entry, Throwable failure) {
    if (failure != null) {
      throw new UnavailableException("directory entry of " + streamId, failure);
    }
    return entry;
  }

  private CompletionStage<Optional<HlsStream>> open(Optional<DirectoryEntry> entry) {
    if (entry.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    if (streams.size() >= settings.maxStreams()) {
      return CompletableFuture.failedFuture(
          new UnavailableException("stream " + entry.get().streamId(), null));
    }
    boolean recovering = followed.isOn() || entry.get().hasStarted();
    return open(stream(entry.get().streamId(), recovering));
  }

  private CompletionStage<Optional<HlsStream>> open(EdgeStream stream) {
    stream.watching().asked();
    followed.follow(stream);
    return stream.opened();
  }

  private EdgeStream stream(String streamId, boolean recovering) {
    return streams.computeIfAbsent(
        streamId, id -> new EdgeStream(id, objects, lot, recovering, () -> paused.test(id)));
  }

  // --- owners on this node ----------------------------------------------------------------------

  public void putObject(String streamId, String rendition, String name, byte[] bytes) {
    objects.put(new ObjectKey(streamId, rendition, name), bytes);
  }

  /** A segment, and the parts that it consists of, which are known already. */
  public void putSegment(String streamId, MediaSegment segment) {
    ObjectKey key = new ObjectKey(streamId, segment.rendition(), segment.ref().name());
    objects.put(key, segment.bytes());
    objects.putParts(key, segment.parts());
  }

  public void removeObjects(String streamId, String rendition, List<String> names) {
    names.forEach(name -> objects.remove(new ObjectKey(streamId, rendition, name)));
  }

  public void publish(StreamSnapshot snapshot) {
    stream(snapshot.streamId(), true).publishOwned(snapshot);
  }

  /**
   * The shared store has lost objects of a stream that this node owns: writes those in memory
   * again. What cannot be written now is only missed by a successor of this node.
   */
  public void storeAgain(String streamId) {
    EdgeStream stream = streams.get(streamId);
    if (stream != null && stream.isOwnedHere()) {
      StreamSnapshot shown = stream.snapshot();
      shown
          .objects()
          .forEach(
              (rendition, names) ->
                  names.forEach(
                      name ->
                          objects.storeAgain(
                              new ObjectKey(streamId, rendition, name), shown.epoch())));
    }
  }

  /** The owner on this node stops; who owns the stream next is followed if viewers ask. */
  public void released(String streamId, long epoch) {
    EdgeStream stream = streams.get(streamId);
    if (stream == null) {
      return;
    }
    stream.released(epoch);
    if (followed.isWatched(stream)) {
      followed.follow(stream);
    } else if (followed.isOn() && !stream.isOwnedHere()) {
      forget(stream);
    }
  }

  /** The stream has ended and is past its retention. */
  public void remove(String streamId) {
    EdgeStream gone = streams.remove(streamId);
    if (gone != null) {
      gone.close();
    }
    objects.removeStream(streamId);
  }

  // --- owners on other nodes --------------------------------------------------------------------

  /**
   * Gets the parts that a version adds to what is shown, as far as viewers here will want them.
   * Empty: they are here, or there are none. Failed: the owner does not give them.
   */
  Optional<CompletionStage<Void>> fetchParts(
      EdgeStream stream, StreamSnapshot next, Endpoint source) {
    return followedObjects.fetchParts(stream, next, source);
  }

  EdgeStream.Outcome publishFollowed(EdgeStream stream, StreamSnapshot next, Endpoint source) {
    StreamSnapshot before = stream.snapshot();
    EdgeStream.Outcome outcome = stream.publish(next, source, System.nanoTime());
    if (outcome == EdgeStream.Outcome.SHOWN) {
      followedObjects.shown(stream, before, next, source);
    }
    return outcome;
  }

  /** A version of another node is shown here now; the owner showed it at this wall-clock time. */
  void pushed(long publishedAtMs) {
    pushDelay.record(System.currentTimeMillis() - publishedAtMs);
  }

  /** Nobody has the stream any more. */
  void gone(EdgeStream stream) {
    if (streams.remove(stream.streamId(), stream)) {
      followed.gone(stream.streamId());
      stream.close();
      objects.removeStream(stream.streamId());
    }
  }

  /**
   * The follower has stopped. A viewer may have come meanwhile; without one nothing is kept of a
   * stream that others own.
   *
   * @param watched viewers ask for the stream
   */
  void unfollowed(EdgeStream stream, boolean watched) {
    followed.unfollowed(stream);
    if (stream.isOwnedHere() || streams.get(stream.streamId()) != stream) {
      return;
    }
    if (watched) {
      followed.follow(stream);
    } else {
      forget(stream);
    }
  }

  private void forget(EdgeStream stream) {
    if (streams.remove(stream.streamId(), stream)) {
      objects.removeStream(stream.streamId());
    }
  }

  // --- what other nodes ask ---------------------------------------------------------------------

  /** An object of a stream that this node owns; empty when it does not own or know it. */
  public CompletionStage<Optional<MediaObject>> ownedObject(
      String streamId, String rendition, String name) {
    EdgeStream stream = streams.get(streamId);
    return stream == null || !stream.isOwnedHere()
        ? CompletableFuture.completedFuture(Optional.empty())
        : stream.object(rendition, name);
  }

  /**
   * @param viewersElsewhere playback sessions of a stream that this node owns, on each other node
   */
  public void countElsewhere(String streamId, List<ViewerSample> viewersElsewhere) {
    EdgeStream stream = streams.get(streamId);
    if (stream != null) {
      stream.countElsewhere(viewersElsewhere);
    }
  }

  /**
   * Playback sessions of a stream that this node owns; one that is on several nodes counts once.
   */
  public int viewers(String streamId) {
    EdgeStream stream = streams.get(streamId);
    List<ViewerSample> elsewhere = stream == null ? List.of() : stream.viewersElsewhere();
    if (elsewhere.isEmpty()) {
      return viewers.count(streamId);
    }
    List<ViewerSample> all = new ArrayList<>(elsewhere);
    all.add(viewers.sample(streamId));
    return ViewerSample.merged(all);
  }

  /** Playback sessions of the stream on this node. */
  ViewerSample localSessions(String streamId) {
    return viewers.sample(streamId);
  }

  /** Counts where objects come from and what requests wait for. */
  public void bindTo(MeterRegistry registry) {
    objects.bindTo(registry);
    lot.counters().bindTo(registry);
    pushDelay.bindTo(registry);
    Gauge.builder("millrace.hls.parked.requests", lot, ParkingLot::parked)
        .description("Requests that wait for a part or a version of a playlist")
        .register(registry);
  }

  /** Bytes of objects in memory. */
  public long objectBytes() {
    return objects.bytes();
  }

  /** Streams that are followed because others own them. */
  public int followedStreams() {
    return followed.count();
  }
}
