package io.millrace.node.stream;

import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.placement.Slot;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.store.FencedException;
import io.millrace.node.stream.StreamActor.Command;
import io.millrace.node.stream.StreamActor.FromState;
import io.millrace.node.stream.StreamActor.KeeperAlarm;
import io.millrace.node.stream.StreamActor.StartPublish;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.slf4j.Logger;

/**
 * What all phases of one stream's entity share: the newest state and its keeper, children, timers,
 * stash. Confined to the entity's actor.
 */
final class StreamEntity {
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final StashBuffer<Command> stash;
  private final StreamActor.Dependencies deps;
  private final String streamId;
  private final int slot;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final ActorRef<StreamStateActor.Event> stateEvents;
  private final StateKeeper keeper;
  private StreamState state;
  private Leftovers leftovers = Leftovers.NONE;
  private int children;

  StreamEntity(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      StashBuffer<Command> stash,
      StreamActor.Dependencies deps,
      String entityId,
      ActorRef<ClusterSharding.ShardCommand> shard) {
    this.context = context;
    this.timers = timers;
    this.stash = stash;
    this.deps = deps;
    this.streamId = Slot.streamIdOf(entityId);
    this.slot = Slot.of(entityId).number();
    this.shard = shard;
    this.stateEvents = context.messageAdapter(StreamStateActor.Event.class, FromState::new);
    this.state = StreamState.none(streamId);
    this.keeper = new StateKeeper(this::spawnState, this::alarm, deps.settings().storeDoubt());
  }

  ActorContext<Command> context() {
    return context;
  }

  TimerScheduler<Command> timers() {
    return timers;
  }

  StashBuffer<Command> stash() {
    return stash;
  }

  StreamActor.Dependencies deps() {
    return deps;
  }

  StreamSettings settings() {
    return deps.settings();
  }

  String streamId() {
    return streamId;
  }

  StateKeeper keeper() {
    return keeper;
  }

  Logger log() {
    return context.getLog();
  }

  StreamState state() {
    return state;
  }

  StreamState.Status status() {
    return state.status();
  }

  void become(StreamState next) {
    state = next;
  }

  /** An ended stream's objects, for the playlists of the one that begins. */
  void leave(Leftovers objects) {
    leftovers = objects;
  }

  Leftovers takeLeftovers() {
    Leftovers taken = leftovers;
    leftovers = Leftovers.NONE;
    return taken;
  }

  long now() {
    return deps.wallClockMs().getAsLong();
  }

  Duration untilDeadline() {
    return Duration.ofMillis(Math.max(0, state.deadlineMs() - now()));
  }

  // --- messages that every phase takes alike ----------------------------------------------------

  Behavior<Command> stash(Command command) {
    if (stash.isFull()) {
      log().warn("stream {} gets more requests than it can hold", streamId);
    } else {
      stash.stash(command);
    }
    return Behaviors.same();
  }

  Behavior<Command> reject(StartPublish start, PublishAnswer.Reason reason, String text) {
    start.replyTo().tell(new LeaseReply.Rejected(start.request().requestId(), reason, text));
    return Behaviors.same();
  }

  /** What is left of a publish starts no new stream. */
  Behavior<Command> refuseResume(StartPublish start) {
    return reject(start, PublishAnswer.Reason.SUPERSEDED, "There is nothing to go on with.");
  }

  /** A relay that goes on with its session asks again by itself; anybody else is told. */
  Behavior<Command> refuseForNow(StartPublish start, String text) {
    if (start.request().resumeSession() == 0) {
      reject(start, PublishAnswer.Reason.UNAVAILABLE, text);
    }
    return Behaviors.same();
  }

  Behavior<Command> onStateEvent(FromState from) {
    if (from.event() instanceof StreamStateActor.Saved saved) {
      keeper.onSaved(saved.version());
    } else if (from.event() instanceof StreamStateActor.Recovered recovered) {
      if (isAnothers(recovered.state())) {
        return fenced(claimed(recovered.state()));
      }
      keeper.onRecovered();
    } else if (from.event() instanceof StreamStateActor.Checked checked) {
      return onChecked(checked);
    } else if (from.event() instanceof StreamStateActor.Deleted deleted) {
      if (deleted.failure() != null) {
        log().warn("state of stream {} stays: {}", streamId, deleted.failure());
      }
      passivate();
    }
    return Behaviors.same();
  }

  /** Another owner has claimed the stream since, or at the same time and was first. */
  private boolean isAnothers(StreamState stored) {
    boolean sameClaim = stored.exists() && stored.epoch() == state.epoch();
    return stored.epoch() > state.epoch() || (sameClaim && !stored.owner().equals(state.owner()));
  }

  private Behavior<Command> onChecked(StreamStateActor.Checked checked) {
    if (checked.failure() != null) {
      keeper.onCheckFailed();
    } else if (isAnothers(checked.state())) {
      return fenced(claimed(checked.state()));
    } else {
      keeper.onChecked();
      deps.guards().pause().confirmed(streamId);
    }
    return Behaviors.same();
  }

  /** What was not confirmed since this process stood still must not be shown. */
  boolean inDoubt() {
    return deps.guards().pause().paused(streamId);
  }

  /** Alarms but DOUBT, which every phase takes in its own way. */
  Behavior<Command> onAlarm(KeeperAlarm alarm) {
    if (alarm.alarm() == StateKeeper.Alarm.FLUSH) {
      keeper.flush();
    } else if (alarm.alarm() == StateKeeper.Alarm.RESTART) {
      keeper.restart();
    } else if (alarm.alarm() == StateKeeper.Alarm.CHECK) {
      keeper.check();
    }
    return Behaviors.same();
  }

  /** The store does not answer and there is nothing in memory to go on with. */
  Behavior<Command> giveUp() {
    stash.forEach(
        command -> {
          if (command instanceof StartPublish start) {
            refuseForNow(start, "The server's store is unavailable.");
          }
        });
    return Behaviors.stopped();
  }

  /** Once until it answers. */
  void logStoreInDoubt() {
    if (keeper.onDoubt()) {
      log().warn("the state store does not answer for stream {}", streamId);
    }
  }

  /**
   * Who was refused by a store because of another owner takes us with it, in good order; else the
   * keeper of the state is started again, and any other child takes us with it.
   */
  Behavior<Command> onChildFailed(ChildFailed failed) {
    if (FencedException.isCauseOf(failed.getCause())) {
      return fenced(rootOf(failed.getCause()));
    }
    if (!failed.getRef().path().name().startsWith("state-")) {
      throw new IllegalStateException(failed.getRef().path().name() + " failed", failed.getCause());
    }
    log().warn("state of stream {}: {}", streamId, rootOf(failed.getCause()));
    keeper.onStopped();
    return Behaviors.same();
  }

  private static String rootOf(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }

  private static String claimed(StreamState stored) {
    return "epoch " + stored.epoch() + " of " + stored.owner() + " is in the store";
  }

  private Behavior<Command> fenced(String why) {
    log().warn("stream {} has another owner now, stopping here: {}", streamId, why);
    deps.guards().fenced().add(streamId);
    return Behaviors.stopped();
  }

  void passivate() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }

  // --- children ---------------------------------------------------------------------------------

  <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
    ActorRef<T> child = context.spawn(behavior, name + "-" + children++);
    context.watch(child);
    return child;
  }

  void release(ActorRef<?> child) {
    context.unwatch(child);
    context.stop(child);
  }

  private ActorRef<StreamStateActor.Command> spawnState() {
    return spawn(StreamStateActor.create(streamId, deps.statePluginId(), stateEvents), "state");
  }

  private void alarm(StateKeeper.Alarm alarm, Duration delay) {
    KeeperAlarm message = new KeeperAlarm(alarm);
    if (delay == null) {
      timers.cancel(message);
    } else if (!timers.isTimerActive(message)) {
      timers.startSingleTimer(message, delay);
    }
  }

  // --- what others know of the stream -----------------------------------------------------------

  void updateDirectory() {
    DirectoryEntry entry =
        new DirectoryEntry(
            streamId,
            slot,
            state.status().name(),
            deps.self().name(),
            state.epoch(),
            state.startedAtMs());
    warnOnFailure(deps.directory().update(entry), "directory entry is old");
  }

  void forgetEverywhere() {
    deps.edge().remove(streamId);
    deps.statuses().remove(streamId);
    warnOnFailure(deps.store().deleteStream(streamId, state.epoch()), "objects stay");
    warnOnFailure(deps.directory().remove(streamId, state.epoch()), "directory entry stays");
  }

  void warnOnFailure(CompletionStage<Void> stage, String text) {
    var log = context.getSystem().log();
    stage.whenComplete(
        (done, error) -> {
          if (error != null) {
            log.warn("stream {}: {}: {}", streamId, text, error.toString());
          }
        });
  }
}
