package io.millrace.node.stream;

import io.millrace.media.segment.PipelineState;
import io.millrace.node.ingest.PublisherControl.CloseReason;
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
 * then it ends, or its last state is written for the next owner. Confined to the stream's actor.
 */
final class StreamEnding {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** For what may still be on its way when everything was stored. */
  private static final Duration AFTER_LAST_SEGMENT = Duration.ofMillis(200);

  private final OwnedStream stream;
  private final StreamEntity entity;
  private boolean ending;
  private boolean stopping;

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
    if (entity.status() != StreamState.Status.LIVE) {
      return Behaviors.stopped();
    }
    stopping = true;
    begin(CloseReason.NODE_STOPPING, "The server is stopping.");
    return Behaviors.same();
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
    if (ending && drained) {
      entity.keeper().flush();
      entity.timers().startSingleTimer(StreamActor.Timer.ENDING, AFTER_LAST_SEGMENT);
    }
  }

  Behavior<Command> onTimer(StreamActor.Timer timer) {
    switch (timer) {
      case GRACE -> stream.finish(entity.settings().retention());
      case RETENTION -> stream.forget();
      case ENDING -> {
        return onEndingOver();
      }
    }
    return Behaviors.same();
  }

  private Behavior<Command> onEndingOver() {
    ending = false;
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
    long version = stream.save(false);
    return Behaviors.receive(Command.class)
        .onMessage(FromState.class, from -> onLastState(from, version))
        .onMessage(StreamActor.KeeperAlarm.class, this::onLastAlarm)
        .onAnyMessage(other -> Behaviors.same())
        .onSignal(ChildFailed.class, entity::onChildFailed)
        .onSignal(PostStop.class, stop -> stream.onPostStop())
        .build();
  }

  private Behavior<Command> onLastState(FromState from, long version) {
    Behavior<Command> next = stream.onStateEvent(from);
    boolean done =
        from.event() instanceof StreamStateActor.Saved saved && saved.version() >= version;
    return done ? Behaviors.stopped() : next;
  }

  private Behavior<Command> onLastAlarm(StreamActor.KeeperAlarm alarm) {
    boolean doubt = alarm.alarm() == StateKeeper.Alarm.DOUBT;
    return doubt ? Behaviors.stopped() : entity.onAlarm(alarm);
  }
}
