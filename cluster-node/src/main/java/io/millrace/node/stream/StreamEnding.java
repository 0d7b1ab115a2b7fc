package io.millrace.node.stream;

import io.millrace.media.segment.PipelineState;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.stream.StreamActor.BoundarySet;
import io.millrace.node.stream.StreamActor.Command;
import io.millrace.node.stream.StreamActor.FromState;
import io.millrace.node.stream.StreamActor.Kick;
import io.millrace.node.stream.StreamActor.KickReply;
import java.time.Duration;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * How an owned stream ends or leaves this node: the last segments come out and are stored first;
 * then it ends, or its last state is written for the next owner. In a cluster the publish goes on
 * under the next owner: the segment in flight ends early, and the relay is let go as soon as it is
 * durable. Confined to the stream's actor.
 */
final class StreamEnding {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** A segment that does not end within this is made again by the next owner, from its start. */
  private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(6);

  /** For what may still be on its way when everything was stored. */
  private static final Duration AFTER_LAST_SEGMENT = Duration.ofMillis(200);

  private final OwnedStream stream;
  private final StreamEntity entity;
  private boolean ending;
  private boolean stopping;
  private boolean handingOver;
  private long boundaryMsn = Long.MAX_VALUE;

  StreamEnding(OwnedStream stream, StreamEntity entity) {
    this.stream = stream;
    this.entity = entity;
  }

  /** The last segments are on their way. */
  boolean isEnding() {
    return ending;
  }

  /** The node stops or hands the stream over. */
  boolean isStopping() {
    return stopping;
  }

  Behavior<Command> onKick(Kick kick) {
    boolean living = entity.status() != StreamState.Status.ENDED && !ending;
    kick.replyTo().tell(new KickReply(living));
    if (living) {
      entity.log().info("stream {} is ended by request", entity.streamId());
      begin(CloseReason.KICKED, "The stream was ended by the server.");
    }
    return Behaviors.same();
  }

  Behavior<Command> onStop() {
    if (stopping) {
      return Behaviors.same();
    }
    stopping = true;
    if (entity.status() != StreamState.Status.LIVE) {
      return afterLastSave();
    }
    if (entity.deps().self().data().isPresent()) {
      return handOver();
    }
    begin(CloseReason.NODE_STOPPING, "The server is stopping.");
    return Behaviors.same();
  }

  private Behavior<Command> handOver() {
    handingOver = true;
    entity.log().info("stream {} is handed over at the next segment", entity.streamId());
    entity.timers().cancel(StreamActor.Timer.RELAY);
    entity.timers().startSingleTimer(StreamActor.Timer.ENDING, HAND_OVER_LIMIT);
    stream.cutEarly();
    return Behaviors.same();
  }

  Behavior<Command> onBoundarySet(BoundarySet boundary) {
    if (boundary.failure() != null) {
      throw new IllegalStateException("no boundary to hand over at", boundary.failure());
    }
    boundaryMsn = boundary.msn();
    return onDurable();
  }

  /** The newest state is durable: it may be the one to leave behind. */
  Behavior<Command> onDurable() {
    PipelineState state = entity.state().pipeline();
    boolean reached =
        state != null
            && state.renditions().stream().allMatch(line -> line.nextMsn() >= boundaryMsn);
    return handingOver && reached && entity.keeper().isSaved()
        ? onHandOverOver()
        : Behaviors.same();
  }

  private Behavior<Command> onHandOverOver() {
    stream.releaseRelay();
    return afterLastSave();
  }

  private void begin(CloseReason reason, String text) {
    ending = true;
    entity.timers().cancel(StreamActor.Timer.GRACE);
    boolean live = entity.status() == StreamState.Status.LIVE;
    stream.endSession(reason, text);
    entity.timers().startSingleTimer(StreamActor.Timer.ENDING, live ? LIMIT : Duration.ZERO);
  }

  /**
   * @param state the pipeline's, with the segment; null before the first
   */
  void onSegmentStored(PipelineState state) {
    boolean drained = state != null && !state.sessionLive() && state.openSpans().isEmpty();
    if (handingOver && state != null) {
      entity.keeper().flush();
    }
    if (ending && drained) {
      entity.keeper().flush();
      entity.timers().startSingleTimer(StreamActor.Timer.ENDING, AFTER_LAST_SEGMENT);
    }
  }

  Behavior<Command> onTimer(StreamActor.Timer timer) {
    switch (timer) {
      case GRACE -> stream.finish(entity.settings().retention());
      case RETENTION -> stream.forget();
      case RELAY -> stream.onRelayStaysAway();
      case CLAIM, IDLE -> {}
      case TAIL -> {
        return stream.unstashAll();
      }
      case ENDING -> {
        return onEndingOver();
      }
    }
    return Behaviors.same();
  }

  private Behavior<Command> onEndingOver() {
    ending = false;
    if (handingOver) {
      return onHandOverOver();
    }
    if (stopping) {
      return leaving();
    }
    stream.finish(entity.settings().retention());
    return stream.unstashAll();
  }

  /** The next owner finds the stream waiting for its publisher. */
  private Behavior<Command> leaving() {
    entity.become(entity.state().reconnecting(stream.graceEnd()));
    entity.updateDirectory();
    stream.save(false);
    return afterLastSave();
  }

  /** Nothing is taken any more; what is not durable yet is waited for, but not for long. */
  private Behavior<Command> afterLastSave() {
    if (entity.keeper().isSaved()) {
      return Behaviors.stopped();
    }
    entity.keeper().flush();
    entity.keeper().doubtAgain();
    return Behaviors.receive(Command.class)
        .onMessage(FromState.class, this::onLastState)
        .onMessage(StreamActor.KeeperAlarm.class, this::onLastAlarm)
        .onAnyMessage(other -> Behaviors.same())
        .onSignal(ChildFailed.class, entity::onChildFailed)
        .onSignal(PostStop.class, stop -> stream.onPostStop())
        .build();
  }

  private Behavior<Command> onLastState(FromState from) {
    Behavior<Command> next = stream.onStateEvent(from);
    return entity.keeper().isSaved() ? Behaviors.stopped() : next;
  }

  private Behavior<Command> onLastAlarm(StreamActor.KeeperAlarm alarm) {
    boolean doubt = alarm.alarm() == StateKeeper.Alarm.DOUBT;
    return doubt ? Behaviors.stopped() : entity.onAlarm(alarm);
  }
}
