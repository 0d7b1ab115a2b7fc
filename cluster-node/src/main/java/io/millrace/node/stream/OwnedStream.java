package io.millrace.node.stream;

import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.stream.StreamActor.Command;
import io.millrace.node.stream.StreamActor.Follow;
import io.millrace.node.stream.StreamActor.FromEngine;
import io.millrace.node.stream.StreamActor.FromState;
import io.millrace.node.stream.StreamActor.Kick;
import io.millrace.node.stream.StreamActor.SessionOpened;
import io.millrace.node.stream.StreamActor.ShowUnstored;
import io.millrace.node.stream.StreamActor.StartPublish;
import io.millrace.node.stream.StreamActor.Stop;
import io.millrace.node.stream.StreamActor.Wake;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A claimed stream: live, reconnecting or ended. Keeps the order stored → durable → shown →
 * acknowledged, the reconnect grace, the retention. One object per claim; what it holds is lost
 * with the process and rebuilt from the durable state and the relay's replay.
 */
final class OwnedStream {
  private final StreamEntity entity;
  private final StreamLedger ledger;
  private final StreamEngine engine;
  private final StreamChildren children;
  private final StreamReport report;
  private final PublishLease lease;
  private final MediaEvents media;
  private final StreamEnding ending;
  private final Listing listing;
  private final PublisherAbsence absence;
  private final Runnable onPause;

  /** The entity's state is durable with this incarnation's epoch. */
  OwnedStream(StreamEntity entity) {
    this.entity = entity;
    StreamState state = entity.state();
    ledger = StreamLedger.recovered(entity.settings().window(), state, monotonicMs());
    engine = state.status() == StreamState.Status.ENDED ? null : startEngine();
    children = new StreamChildren(entity, engine);
    report = new StreamReport(entity, ledger::presentation);
    lease = new PublishLease(entity, engine, this::saveNow);
    ending = new StreamEnding(this, entity);
    listing = new Listing(entity, ledger, engine, children.playlists());
    absence = new PublisherAbsence(this, entity, lease, report);
    media = new MediaEvents(this, entity, ledger, children, report, ending);
    ActorRef<Command> self = entity.context().getSelf();
    onPause = () -> self.tell(StreamActor.Awoken.INSTANCE);
    entity.deps().guards().pause().owned(entity.streamId(), onPause);
  }

  private StreamEngine startEngine() {
    StreamState state = entity.state();
    long epoch = state.epoch();
    ActorRef<Command> self = entity.context().getSelf();
    return entity
        .deps()
        .engines()
        .create(
            entity.streamId(),
            epoch,
            Optional.ofNullable(state.pipeline()),
            event -> self.tell(new FromEngine(epoch, event)));
  }

  Behavior<Command> begin() {
    StreamState state = entity.state();
    if (state.status() == StreamState.Status.ENDED) {
      children.playlists().tell(PlaylistActor.End.INSTANCE);
      entity.timers().startSingleTimer(StreamActor.Timer.RETENTION, entity.untilDeadline());
      entity.updateDirectory();
    } else {
      absence.recovered();
    }
    report.publish();
    entity.log().info("stream {} is owned here, epoch {}", entity.streamId(), state.epoch());
    return unstashAll();
  }

  Behavior<Command> unstashAll() {
    return entity.stash().unstashAll(owning());
  }

  private Behavior<Command> owning() {
    return Behaviors.receive(Command.class)
        .onMessage(StartPublish.class, this::onStartPublish)
        .onMessage(SessionOpened.class, this::onSessionOpened)
        .onMessage(FromEngine.class, media::onFromEngine)
        .onMessage(FromState.class, this::onStateEvent)
        .onMessage(ShowUnstored.class, this::onShowUnstored)
        .onMessage(StreamActor.Awoken.class, awoken -> onAwoken())
        .onMessage(StreamActor.BoundarySet.class, ending::onBoundarySet)
        .onMessage(Kick.class, ending::onKick)
        .onMessage(Follow.class, this::onFollow)
        .onMessage(Wake.class, wake -> Behaviors.same())
        .onMessage(Stop.class, stop -> ending.onStop())
        .onMessage(StreamActor.Timer.class, ending::onTimer)
        .onMessage(StreamActor.KeeperAlarm.class, this::onAlarm)
        .onSignal(ChildFailed.class, entity::onChildFailed)
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  // --- publishers -------------------------------------------------------------------------------

  private Behavior<Command> onStartPublish(StartPublish start) {
    if (lease.knows(start)) {
      return Behaviors.same();
    }
    if (lease.isAccepting()) {
      return entity.stash(start);
    }
    if (ending.isStopping()) {
      return entity.refuseForNow(start, "The node is stopping.");
    }
    if (ending.isEnding()) {
      return entity.stash(start);
    }
    if (entity.status() == StreamState.Status.ENDED) {
      boolean fresh = start.request().resumeSession() == 0;
      return fresh ? startAnew(start) : entity.refuseResume(start);
    }
    return absence.holds(start) ? entity.stash(start) : lease.onStartPublish(start);
  }

  private Behavior<Command> onSessionOpened(SessionOpened opened) {
    if (!lease.onSessionOpened(opened)) {
      return Behaviors.same();
    }
    absence.onSessionOpened();
    entity.updateDirectory();
    report.publish();
    return unstashAll();
  }

  void onSessionOver(long session) {
    boolean current =
        session == entity.state().session() && entity.status() == StreamState.Status.LIVE;
    if (!current || lease.isAccepting()) {
      return;
    }
    lease.onSessionOver();
    if (ending.isEnding()) {
      return;
    }
    absence.onSessionOver();
  }

  void onRelayLost(long session) {
    absence.onRelayLost(session);
  }

  void onRelayStaysAway() {
    absence.onRelayStaysAway();
  }

  long graceEnd() {
    return entity.now() + entity.settings().reconnectGrace().toMillis();
  }

  void onSessionRefused(long session, String text) {
    engine.endSession(CloseReason.REFUSED, text);
    if (ledger.pipeline() == null) {
      finish(Duration.ZERO);
    } else {
      onSessionOver(session);
    }
  }

  /** Gives the segment in flight the next end that it can have. */
  void cutEarly() {
    entity
        .context()
        .pipeToSelf(engine.cutEarly(), (msn, failure) -> new StreamActor.BoundarySet(msn, failure));
  }

  /** The relay is let go, to ask for the next owner. */
  void releaseRelay() {
    engine.stop();
  }

  void endSession(CloseReason reason, String text) {
    engine.endSession(reason, text);
  }

  private Behavior<Command> startAnew(StartPublish start) {
    entity.stash().stash(start);
    entity.timers().cancel(StreamActor.Timer.RETENTION);
    entity.timers().cancel(StreamActor.Timer.TAIL);
    if (engine != null) {
      engine.stop();
    }
    children.releaseAll();
    disown();
    entity.leave(Leftovers.of(entity.state().windows()));
    return new UnownedStream(entity).claimAnew();
  }

  private Behavior<Command> onFollow(Follow follow) {
    children.playlists().tell(new PlaylistActor.Follow(follow.request()));
    return Behaviors.same();
  }

  // --- state ------------------------------------------------------------------------------------

  private long saveNow(StreamState next) {
    entity.become(next);
    return save(false);
  }

  /**
   * @param soon coalesce with what comes in the next moments
   * @return the version that will be durable
   */
  long save(boolean soon) {
    entity.become(entity.state().with(ledger.pipeline(), ledger.windows()));
    return entity.keeper().save(entity.state(), soon);
  }

  Behavior<Command> onStateEvent(FromState from) {
    Behavior<Command> next = entity.onStateEvent(from);
    if (from.event() instanceof StreamStateActor.Saved saved) {
      listing.onSaved(saved.version());
      lease.onSaved(saved.version());
      next = ending.onDurable();
    } else if (from.event() instanceof StreamStateActor.Checked && !entity.inDoubt()) {
      listing.release();
    }
    return next;
  }

  Listing listing() {
    return listing;
  }

  Behavior<Command> onShowUnstored(ShowUnstored command) {
    listing.onUnstored(command.segment());
    return Behaviors.same();
  }

  /** Another owner may be at work: the store knows. */
  Behavior<Command> onAwoken() {
    entity.keeper().check();
    return Behaviors.same();
  }

  private Behavior<Command> onAlarm(StreamActor.KeeperAlarm alarm) {
    return alarm.alarm() == StateKeeper.Alarm.DOUBT ? onStoreInDoubt() : entity.onAlarm(alarm);
  }

  /** Running streams go on from memory. */
  private Behavior<Command> onStoreInDoubt() {
    entity.logStoreInDoubt();
    if (engine == null) {
      return entity.giveUp();
    }
    listing.onStoreInDoubt();
    if (!entity.deps().guards().view().majorityReachable()) {
      return Behaviors.same();
    }
    boolean goesOn = lease.onStoreInDoubt(ledger.pipeline() != null);
    return goesOn ? Behaviors.same() : Behaviors.stopped();
  }

  // --- the end ----------------------------------------------------------------------------------

  void finish(Duration retention) {
    entity.timers().cancel(StreamActor.Timer.GRACE);
    entity.log().info("stream {} has ended", entity.streamId());
    children.releaseWorker();
    engine.stop();
    entity.deps().capacity().release(entity.streamId());
    ledger.end();
    entity.become(entity.state().ended(entity.now() + retention.toMillis()));
    save(false);
    children.playlists().tell(PlaylistActor.End.INSTANCE);
    entity.timers().startSingleTimer(StreamActor.Timer.RETENTION, retention);
    entity.updateDirectory();
    report.publish();
  }

  /**
   * The retention is over: what is left of the stream goes. Not while the store does not answer, or
   * it would say for ever that the stream lives.
   */
  void forget() {
    entity.timers().startSingleTimer(StreamActor.Timer.RETENTION, StreamSettings.FORGET_RETRY);
    if (!entity.keeper().isUsable()) {
      return;
    }
    report.close();
    children.releaseTranscoders();
    entity.forgetEverywhere();
    entity.keeper().delete();
  }

  private void disown() {
    report.close();
    entity.deps().guards().pause().disowned(entity.streamId(), onPause);
  }

  Behavior<Command> onPostStop() {
    disown();
    entity.deps().statuses().remove(entity.streamId());
    if (engine != null) {
      engine.stop();
    }
    entity.deps().capacity().release(entity.streamId());
    return Behaviors.same();
  }

  private static long monotonicMs() {
    return System.nanoTime() / 1_000_000;
  }
}
