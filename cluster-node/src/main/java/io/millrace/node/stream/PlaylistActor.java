package io.millrace.node.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.media.MediaPart;
import io.millrace.media.PartRef;
import io.millrace.media.Presentation;
import io.millrace.media.SegmentRef;
import io.millrace.media.hls.MediaPlaylistWindow;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.hls.WindowState;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.edge.FollowRequest;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.edge.StreamSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The playlists of one stream as viewers see them: keeps the window of every rendition, renders
 * each version once, plain and gzip, and publishes immutable snapshots to the edge. With low
 * latency each part makes a version of its rendition; parts are not durable and do not outlive this
 * actor. Deletes objects that need not be fetchable any more. Rebuilt from the durable state after
 * a restart.
 */
final class PlaylistActor {

  /** What the playlists are told. */
  sealed interface Command {}

  record Present(Presentation presentation) implements Command {}

  /**
   * The segment may be shown; its object is in the edge already. A known number is ignored, and so
   * is one that is ahead, shown from memory: it comes again when it and all before it are durable.
   */
  record Show(String rendition, SegmentRef ref) implements Command {}

  /**
   * The part may be shown; its object is in the edge already. Parts of a segment come before it.
   *
   * @param last no part of its segment follows
   */
  record ShowPart(
      String rendition, PartRef ref, MediaPart.Parent parent, boolean last, long capturedAtNanos)
      implements Command {}

  /** The segment comes whole: parts of it that are shown are not of it. */
  record WithdrawParts(String rendition, long msn) implements Command {}

  /** Leaves these renditions out of the multivariant playlist. */
  record Hide(Set<String> renditions) implements Command {}

  enum End implements Command {
    INSTANCE
  }

  /** Another node wants every version. */
  record Follow(FollowRequest request) implements Command {}

  private enum Expire implements Command {
    INSTANCE
  }

  /** What waits of this rendition may be listed now. */
  private record Release(String rendition) implements Command {}

  private enum Beat implements Command {
    INSTANCE
  }

  /**
   * What never changes of a stream's playlists.
   *
   * @param source where this node serves objects to other nodes
   */
  record Place(
      String streamId,
      long epoch,
      WindowSettings window,
      StreamEdge edge,
      SegmentStore store,
      Endpoint source,
      MeterRegistry registry) {}

  /** Playlists of an earlier incarnation, from the durable state. */
  record Predecessor(Presentation presentation, Map<String, WindowState> windows) {}

  private static final Duration EXPIRE_INTERVAL = Duration.ofSeconds(2);
  private static final Duration BEAT_INTERVAL = Duration.ofSeconds(1);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Place place;
  private final StreamPlaylists playlists;
  private final Map<String, ListingPace> paces = new HashMap<>();
  private final PartLag lag;
  private final PlaylistFollowers followers;
  private final long leftoversUntilMs;
  private Leftovers leftovers;

  private PlaylistActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Place place,
      Leftovers leftovers) {
    this.context = context;
    this.timers = timers;
    this.place = place;
    this.followers = new PlaylistFollowers(context, place.source());
    this.playlists = new StreamPlaylists(place.streamId(), place.epoch(), place.window());
    this.lag = new PartLag(place.registry());
    this.leftovers = leftovers;
    this.leftoversUntilMs = nowMs() + leftovers.holdMs();
  }

  /**
   * @param predecessor what to go on from; it is in the first snapshot, so that no viewer sees less
   *     than before
   * @param leftovers what stays fetchable of another stream that had this name before
   */
  static Behavior<Command> create(
      Place place, Optional<Predecessor> predecessor, Leftovers leftovers) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Expire.INSTANCE, EXPIRE_INTERVAL);
                  timers.startTimerWithFixedDelay(Beat.INSTANCE, BEAT_INTERVAL);
                  PlaylistActor actor = new PlaylistActor(context, timers, place, leftovers);
                  predecessor.ifPresentOrElse(actor::restore, actor::publish);
                  return actor.running();
                }));
  }

  private Behavior<Command> running() {
    return Behaviors.receive(Command.class)
        .onMessage(Present.class, this::onPresent)
        .onMessage(Show.class, this::onShow)
        .onMessage(ShowPart.class, this::onShowPart)
        .onMessage(WithdrawParts.class, this::onWithdrawParts)
        .onMessage(Release.class, this::onRelease)
        .onMessage(Hide.class, this::onHide)
        .onMessage(End.class, end -> onEnd())
        .onMessage(Follow.class, this::onFollow)
        .onMessage(Expire.class, expire -> onExpire())
        .onMessage(Beat.class, beat -> onBeat())
        .onSignal(Terminated.class, this::onTerminated)
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private Behavior<Command> onPresent(Present present) {
    open(present.presentation(), Map.of());
    return Behaviors.same();
  }

  private void restore(Predecessor predecessor) {
    open(predecessor.presentation(), predecessor.windows());
  }

  private void open(Presentation next, Map<String, WindowState> restored) {
    playlists.open(next, restored, nowMs());
    publish();
  }

  private Behavior<Command> onShow(Show show) {
    playlists.live(show.rendition()).ifPresent(window -> show(show, window));
    return Behaviors.same();
  }

  private void show(Show show, MediaPlaylistWindow window) {
    String rendition = show.rendition();
    ListingPace pace = paces.computeIfAbsent(rendition, name -> paceOf(window));
    if (show.ref().msn() != window.nextMsn() + pace.waiting()) {
      return;
    }
    pace.add(show.ref());
    listWhenDue(rendition, pace, window);
  }

  private void listWhenDue(String rendition, ListingPace pace, MediaPlaylistWindow window) {
    long last = window.nextMsn() + pace.waiting() - 1;
    long delayMs = Math.max(pace.delayMs(nowMs()), window.keepBackMs(last));
    if (delayMs == 0) {
      list(rendition);
    } else {
      timers.startSingleTimer(rendition, new Release(rendition), Duration.ofMillis(delayMs));
    }
  }

  private Behavior<Command> onShowPart(ShowPart part) {
    playlists.live(part.rendition()).ifPresent(window -> show(part, window));
    return Behaviors.same();
  }

  private void show(ShowPart part, MediaPlaylistWindow window) {
    String rendition = part.rendition();
    if (playlists.add(rendition, part.ref(), part.parent(), part.last(), nowMs())) {
      lag.listed(rendition, part.capturedAtNanos());
      publish();
    } else if (part.ref().msn() > window.nextMsn()) {
      lag.waits(rendition, part.ref().msn(), part.capturedAtNanos());
      ListingPace pace = paces.get(rendition);
      if (pace != null && pace.waiting() > 0) {
        listWhenDue(rendition, pace, window);
      }
    }
  }

  /** They stay shown until the segment is. */
  private Behavior<Command> onWithdrawParts(WithdrawParts withdraw) {
    playlists.live(withdraw.rendition()).ifPresent(window -> window.withdrawParts(withdraw.msn()));
    return Behaviors.same();
  }

  private static ListingPace paceOf(MediaPlaylistWindow window) {
    return new ListingPace(window.targetDurationSeconds());
  }

  private Behavior<Command> onRelease(Release release) {
    list(release.rendition());
    return Behaviors.same();
  }

  private void list(String rendition) {
    timers.cancel(rendition);
    append(rendition);
    publish();
  }

  private void append(String rendition) {
    ListingPace pace = paces.get(rendition);
    Optional<MediaPlaylistWindow> window = playlists.live(rendition);
    if (pace != null && window.isPresent()) {
      playlists.append(rendition, pace.take(nowMs()), nowMs());
      lag.reached(rendition, window.get().nextMsn());
    }
  }

  private Behavior<Command> onHide(Hide hide) {
    if (playlists.hide(hide.renditions())) {
      publish();
    }
    return Behaviors.same();
  }

  /** Nothing waits any longer: ENDLIST ends the rhythm. */
  private Behavior<Command> onEnd() {
    playlists.renditions().forEach(this::append);
    playlists.end();
    publish();
    return Behaviors.same();
  }

  private Behavior<Command> onExpire() {
    boolean changed = false;
    for (String rendition : playlists.renditions()) {
      Expired expired = playlists.expire(rendition, nowMs());
      changed |= !expired.isEmpty();
      delete(rendition, expired.stored().segmentNames());
      delete(rendition, expired.stored().initNames());
      place.edge().removeObjects(place.streamId(), rendition, expired.parts());
    }
    if (!leftovers.isEmpty() && nowMs() >= leftoversUntilMs) {
      leftovers.segments().forEach(this::delete);
      leftovers = Leftovers.NONE;
      changed = true;
    }
    if (changed) {
      publish();
    }
    return Behaviors.same();
  }

  private void delete(String rendition, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    place.edge().removeObjects(place.streamId(), rendition, names);
    place
        .store()
        .delete(place.streamId(), place.epoch(), rendition, names)
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                context.getSystem().log().warn("expired objects stay: {}", error.toString());
              }
            });
  }

  private void publish() {
    StreamSnapshot snapshot = playlists.next(leftovers.objects());
    place.edge().publish(snapshot);
    followers.publish(snapshot);
  }

  // --- other nodes ------------------------------------------------------------------------------

  private Behavior<Command> onFollow(Follow follow) {
    followers.onFollow(follow.request());
    countViewers();
    return Behaviors.same();
  }

  private Behavior<Command> onBeat() {
    followers.beat();
    countViewers();
    return Behaviors.same();
  }

  private void countViewers() {
    place.edge().countElsewhere(place.streamId(), followers.viewers());
  }

  private Behavior<Command> onTerminated(Terminated terminated) {
    followers.onTerminated(terminated.getRef());
    return Behaviors.same();
  }

  private Behavior<Command> onPostStop() {
    followers.release();
    place.edge().released(place.streamId(), place.epoch());
    return Behaviors.same();
  }

  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }
}
