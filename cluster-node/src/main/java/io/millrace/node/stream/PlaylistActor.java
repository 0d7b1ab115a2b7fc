package io.millrace.node.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.http.Playlist;
import io.millrace.media.MediaPart;
import io.millrace.media.PartRef;
import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.SegmentRef;
import io.millrace.media.hls.ExpiredObjects;
import io.millrace.media.hls.MediaPlaylistWindow;
import io.millrace.media.hls.MultivariantPlaylistWriter;
import io.millrace.media.hls.RetainedSegment;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.hls.WindowState;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.edge.FollowRequest;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.edge.StreamSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

  /** The segment may be shown; its object is in the edge already. A known number is ignored. */
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
  private final Map<String, MediaPlaylistWindow> windows = new LinkedHashMap<>();
  private final Map<String, ListingPace> paces = new HashMap<>();
  private final Map<String, Playlist> rendered = new HashMap<>();
  private final Map<String, Set<String>> fetchable = new HashMap<>();
  private final PlaylistRenderer renderer;
  private final PartLag lag;

  /** The first segment is whole before anything is shown; so is what a predecessor left open. */
  private long firstPartsMsn = 1;

  private Presentation presentation;
  private Optional<Playlist> multivariant = Optional.empty();
  private Set<String> hidden = Set.of();
  private final PlaylistFollowers followers;
  private long version;
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
    this.renderer = new PlaylistRenderer(place.epoch());
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
    long inFlight =
        predecessor.windows().values().stream().mapToLong(WindowState::nextMsn).max().orElse(0);
    firstPartsMsn = inFlight + 1;
    open(predecessor.presentation(), predecessor.windows());
  }

  private void open(Presentation next, Map<String, WindowState> restored) {
    presentation = next;
    for (Rendition rendition : next.renditions()) {
      windows.computeIfAbsent(
          rendition.name(),
          name -> window(next, restored.getOrDefault(name, WindowState.startingAt(0))));
    }
    windows.keySet().stream().filter(name -> !rendered.containsKey(name)).forEach(this::render);
    renderMultivariant();
    publish();
  }

  private MediaPlaylistWindow window(Presentation next, WindowState from) {
    MediaPlaylistWindow window =
        MediaPlaylistWindow.withParts(
            place.window(), next.targetDurationSeconds(), next.partTargetMillis(), from, nowMs());
    window.expectPartsFrom(firstPartsMsn);
    return window;
  }

  private Behavior<Command> onShow(Show show) {
    String rendition = show.rendition();
    MediaPlaylistWindow window = windows.get(rendition);
    if (window == null || window.ended()) {
      return Behaviors.same();
    }
    ListingPace pace = paces.computeIfAbsent(rendition, name -> paceOf(window));
    if (show.ref().msn() < window.nextMsn() + pace.waiting()) {
      return Behaviors.same();
    }
    pace.add(show.ref());
    long delayMs = pace.delayMs(nowMs());
    if (delayMs == 0) {
      return list(rendition);
    }
    timers.startSingleTimer(rendition, new Release(rendition), Duration.ofMillis(delayMs));
    return Behaviors.same();
  }

  private Behavior<Command> onShowPart(ShowPart part) {
    String rendition = part.rendition();
    MediaPlaylistWindow window = windows.get(rendition);
    if (window == null) {
      return Behaviors.same();
    }
    if (window.add(part.ref(), part.parent(), part.last(), nowMs())) {
      lag.listed(rendition, part.capturedAtNanos());
      render(rendition);
      publish();
    } else if (part.ref().msn() > window.nextMsn()) {
      lag.waits(rendition, part.ref().msn(), part.capturedAtNanos());
    }
    return Behaviors.same();
  }

  /** They stay shown until the segment is. */
  private Behavior<Command> onWithdrawParts(WithdrawParts withdraw) {
    MediaPlaylistWindow window = windows.get(withdraw.rendition());
    if (window != null) {
      window.withdrawParts(withdraw.msn());
    }
    return Behaviors.same();
  }

  private static ListingPace paceOf(MediaPlaylistWindow window) {
    return new ListingPace(window.targetDurationSeconds());
  }

  private Behavior<Command> onRelease(Release release) {
    return paces.containsKey(release.rendition()) ? list(release.rendition()) : Behaviors.same();
  }

  private Behavior<Command> list(String rendition) {
    timers.cancel(rendition);
    append(rendition);
    render(rendition);
    if (multivariant.isEmpty()) {
      renderMultivariant();
    }
    publish();
    return Behaviors.same();
  }

  private void append(String rendition) {
    ListingPace pace = paces.get(rendition);
    if (pace != null && !windows.get(rendition).ended()) {
      pace.take(nowMs()).forEach(ref -> windows.get(rendition).append(ref, nowMs()));
      lag.reached(rendition, windows.get(rendition).nextMsn());
    }
  }

  private Behavior<Command> onHide(Hide hide) {
    if (!hidden.equals(hide.renditions())) {
      hidden = hide.renditions();
      renderMultivariant();
      publish();
    }
    return Behaviors.same();
  }

  /** Nothing waits any longer: ENDLIST ends the rhythm. */
  private Behavior<Command> onEnd() {
    windows.keySet().forEach(this::append);
    windows.values().forEach(MediaPlaylistWindow::end);
    windows.keySet().forEach(this::render);
    publish();
    return Behaviors.same();
  }

  private Behavior<Command> onExpire() {
    boolean changed = false;
    for (Map.Entry<String, MediaPlaylistWindow> entry : windows.entrySet()) {
      ExpiredObjects expired = entry.getValue().expire(nowMs());
      if (!expired.isEmpty()) {
        changed = true;
        forget(entry.getKey(), expired);
      }
      changed |= forgetParts(entry.getKey(), entry.getValue());
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

  private void forget(String rendition, ExpiredObjects expired) {
    fetchable.remove(rendition);
    delete(rendition, expired.segmentNames());
    delete(rendition, expired.initNames());
  }

  /** Parts are in memory only. */
  private boolean forgetParts(String rendition, MediaPlaylistWindow window) {
    List<String> gone = window.expireParts(nowMs());
    if (!gone.isEmpty()) {
      fetchable.remove(rendition);
      place.edge().removeObjects(place.streamId(), rendition, gone);
    }
    return !gone.isEmpty();
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

  private void render(String rendition) {
    MediaPlaylistWindow window = windows.get(rendition);
    fetchable.remove(rendition);
    if (window.nextMsn() > 0) {
      rendered.put(rendition, renderer.render(rendition, window));
    }
  }

  private void renderMultivariant() {
    boolean allStarted =
        presentation != null && windows.values().stream().allMatch(w -> w.nextMsn() > 0);
    multivariant =
        allStarted
            ? Optional.of(
                RenderedPlaylist.of(
                    MultivariantPlaylistWriter.write(presentation, hidden),
                    false,
                    presentation.targetDurationSeconds()))
            : Optional.empty();
  }

  private void publish() {
    Map<String, Set<String>> objects = new HashMap<>();
    Map<String, Long> nextMsn = new HashMap<>();
    windows.forEach(
        (name, window) ->
            objects.put(name, fetchable.computeIfAbsent(name, changed -> names(window))));
    leftovers.objects().forEach((name, old) -> objects.merge(name, old, PlaylistActor::both));
    windows.forEach((name, window) -> nextMsn.put(name, window.nextMsn()));
    Map<String, String> hints = new HashMap<>();
    windows.forEach(
        (name, window) -> window.hint(place.epoch()).ifPresent(hint -> hints.put(name, hint)));
    version++;
    StreamSnapshot snapshot =
        new StreamSnapshot(
            place.streamId(),
            place.epoch(),
            version,
            multivariant,
            rendered,
            objects,
            nextMsn,
            hints);
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
    renderer.close();
    place.edge().released(place.streamId(), place.epoch());
    return Behaviors.same();
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }

  private static Set<String> names(MediaPlaylistWindow playlist) {
    Set<String> names = new HashSet<>(playlist.partNames());
    WindowState window = playlist.state();
    window.listed().forEach(ref -> addNames(names, ref));
    window.retained().stream().map(RetainedSegment::ref).forEach(ref -> addNames(names, ref));
    playlist.openInitName().ifPresent(names::add);
    return names;
  }

  private static void addNames(Set<String> names, SegmentRef ref) {
    if (!ref.gap()) {
      names.add(ref.name());
    }
    names.add(ref.initName());
  }

  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }
}
