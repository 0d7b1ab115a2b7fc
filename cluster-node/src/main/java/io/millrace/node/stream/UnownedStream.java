package io.millrace.node.stream;

import io.millrace.node.edge.EdgeFollower;
import io.millrace.node.stream.StreamActor.Command;
import io.millrace.node.stream.StreamActor.Follow;
import io.millrace.node.stream.StreamActor.FromState;
import io.millrace.node.stream.StreamActor.Kick;
import io.millrace.node.stream.StreamActor.KickReply;
import io.millrace.node.stream.StreamActor.StartPublish;
import io.millrace.node.stream.StreamActor.Stop;
import io.millrace.node.stream.StreamActor.Wake;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * A stream's entity that owns nothing (yet): reads the state, idles, or claims the stream. It
 * claims for a publish, or when the stream was live or reconnecting; until the claim is durable
 * everything else waits.
 */
final class UnownedStream {
  private static final Duration CLAIM_RETRY = Duration.ofMillis(500);
  static final Duration IDLE = Duration.ofSeconds(3);

  private final StreamEntity entity;
  private boolean saidMinority;

  UnownedStream(StreamEntity entity) {
    this.entity = entity;
  }

  /**
   * Reads the state, at once or when the stream may start here again.
   *
   * @param entity made when the state may be read
   * @param barred how long that takes
   */
  static Behavior<Command> start(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      StashBuffer<Command> stash,
      Supplier<StreamEntity> entity,
      Duration barred) {
    if (barred.isZero()) {
      return new UnownedStream(entity.get()).recovering();
    }
    context.getLog().info("not started here again for {} ms", barred.toMillis());
    timers.startSingleTimer(StreamActor.Timer.CLAIM, barred);
    return Behaviors.receive(Command.class)
        .onMessage(
            StreamActor.Timer.class,
            timer -> stash.unstashAll(new UnownedStream(entity.get()).recovering()))
        .onMessage(Wake.class, wake -> Behaviors.same())
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .onAnyMessage(
            other -> {
              if (!stash.isFull()) {
                stash.stash(other);
              }
              return Behaviors.same();
            })
        .build();
  }

  private Behavior<Command> recovering() {
    entity.keeper().expectRecovery();
    return phase()
        .onMessage(FromState.class, this::onRecoveringState)
        .onAnyMessage(entity::stash)
        .build();
  }

  private BehaviorBuilder<Command> phase() {
    return Behaviors.receive(Command.class)
        .onMessage(StreamActor.KeeperAlarm.class, this::onAlarm)
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .onSignal(ChildFailed.class, entity::onChildFailed)
        .onSignal(PostStop.class, stop -> onPostStop());
  }

  private Behavior<Command> onRecoveringState(FromState from) {
    if (!(from.event() instanceof StreamStateActor.Recovered recovered)) {
      return Behaviors.same();
    }
    entity.keeper().onRecovered();
    StreamState state = recovered.state();
    entity.become(state);
    boolean unfinished = state.status() != StreamState.Status.ENDED;
    boolean retained = state.deadlineMs() > entity.now();
    if (state.exists() && (unfinished || retained)) {
      return claim(state);
    }
    return entity.stash().unstashAll(idle());
  }

  private Behavior<Command> idle() {
    return phase()
        .onMessage(StartPublish.class, this::onFirstPublish)
        .onMessage(Kick.class, this::onKickUnknown)
        .onMessage(Follow.class, this::onFollowUnknown)
        .onMessage(Wake.class, wake -> onWakeUnknown())
        .onMessage(FromState.class, entity::onStateEvent)
        .onMessage(StreamActor.Timer.class, timer -> onIdle())
        .onAnyMessage(other -> Behaviors.same())
        .build();
  }

  /**
   * Not at once: a publish that is on its way here would be lost with the entity, and only come
   * again when its ingest asks again.
   */
  private void stopWhenIdle() {
    entity.timers().startSingleTimer(StreamActor.Timer.IDLE, IDLE);
  }

  private Behavior<Command> onIdle() {
    entity.passivate();
    return Behaviors.same();
  }

  private Behavior<Command> onFirstPublish(StartPublish start) {
    if (start.request().resumeSession() != 0) {
      stopWhenIdle();
      return entity.refuseResume(start);
    }
    entity.stash().stash(start);
    return claimAnew();
  }

  private Behavior<Command> onKickUnknown(Kick kick) {
    kick.replyTo().tell(new KickReply(false));
    return onWakeUnknown();
  }

  /** Asking starts nothing and writes nothing. */
  private Behavior<Command> onFollowUnknown(Follow follow) {
    follow.request().subscriber().tell(new EdgeFollower.Unknown());
    stopWhenIdle();
    return Behaviors.same();
  }

  /** There is nothing to own: what is left of an ended stream goes, and so does this entity. */
  private Behavior<Command> onWakeUnknown() {
    entity.forgetEverywhere();
    if (entity.state().exists()) {
      entity.keeper().delete();
    } else {
      stopWhenIdle();
    }
    return Behaviors.same();
  }

  /** A new stream under the name, for the publish that waits in the stash. */
  Behavior<Command> claimAnew() {
    long until = entity.now() + StreamSettings.FIRST_PUBLISH.toMillis();
    return claim(entity.state().fresh(until));
  }

  /** Where only a minority is in sight, another owner may be at work that this node cannot see. */
  private Behavior<Command> claim(StreamState from) {
    if (!entity.deps().guards().view().majorityReachable()) {
      return withoutMajority(from);
    }
    entity.timers().cancel(StreamActor.Timer.IDLE);
    entity.become(from.claimed(entity.deps().self().name()));
    long version = entity.keeper().save(entity.state(), false);
    return phase()
        .onMessage(FromState.class, event -> onClaimingState(event, version))
        .onAnyMessage(entity::stash)
        .build();
  }

  private Behavior<Command> withoutMajority(StreamState from) {
    if (!saidMinority) {
      saidMinority = true;
      entity.log().warn("stream {} waits: no majority of nodes in sight", entity.streamId());
    }
    entity.timers().startSingleTimer(StreamActor.Timer.CLAIM, CLAIM_RETRY);
    return phase()
        .onMessage(StreamActor.Timer.class, timer -> claim(from))
        .onMessage(FromState.class, entity::onStateEvent)
        .onMessage(Wake.class, wake -> Behaviors.same())
        .onAnyMessage(entity::stash)
        .build();
  }

  private Behavior<Command> onClaimingState(FromState from, long version) {
    Behavior<Command> next = entity.onStateEvent(from);
    boolean claimed =
        from.event() instanceof StreamStateActor.Saved saved && saved.version() >= version;
    return claimed ? new OwnedStream(entity).begin() : next;
  }

  private Behavior<Command> onAlarm(StreamActor.KeeperAlarm alarm) {
    if (alarm.alarm() == StateKeeper.Alarm.DOUBT) {
      entity.logStoreInDoubt();
      return entity.giveUp();
    }
    return entity.onAlarm(alarm);
  }

  private Behavior<Command> onPostStop() {
    entity.deps().capacity().release(entity.streamId());
    return Behaviors.same();
  }
}
