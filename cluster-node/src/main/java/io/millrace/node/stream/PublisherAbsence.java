package io.millrace.node.stream;

import io.millrace.media.segment.PipelineState;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.time.Duration;

/**
 * An owned stream without its publisher. A stream that was live waits for the relay first, which
 * goes on with the session as if nothing had been; then, reconnecting, for any publisher. Confined
 * to the stream's actor.
 */
final class PublisherAbsence {
  private final OwnedStream stream;
  private final StreamEntity entity;
  private final PublishLease lease;
  private final StreamReport report;
  private long graceUntil;

  PublisherAbsence(
      OwnedStream stream, StreamEntity entity, PublishLease lease, StreamReport report) {
    this.stream = stream;
    this.entity = entity;
    this.lease = lease;
    this.report = report;
  }

  /** This incarnation has just claimed a stream that was not ended. */
  void recovered() {
    StreamState state = entity.state();
    if (!state.hasStarted()) {
      startGrace();
      return;
    }
    lease.resumable(state.session());
    if (mayHaveRest(state)) {
      tail(StreamSettings.TAIL_WAIT);
    }
    if (state.status() == StreamState.Status.LIVE) {
      waitForRelay(graceFrom(entity.now() + StreamSettings.RELAY_WAIT.toMillis()));
      entity.updateDirectory();
    } else {
      long fair = entity.now() + StreamSettings.RESTART_GRACE.toMillis();
      reconnecting(Math.max(state.deadlineMs(), fair));
    }
  }

  /** A relay on another node may have more of the last session than is durable. */
  private boolean mayHaveRest(StreamState state) {
    PipelineState pipeline = state.pipeline();
    boolean begun = pipeline != null && pipeline.session() == state.session();
    return entity.deps().self().data().isPresent()
        && (begun || state.status() == StreamState.Status.LIVE)
        && !lease.isWhole(state.session());
  }

  private void tail(Duration limit) {
    entity.timers().startSingleTimer(StreamActor.Timer.TAIL, limit);
  }

  private boolean isAwaitingRest() {
    return entity.timers().isTimerActive(StreamActor.Timer.TAIL);
  }

  /** A new session waits for the rest of the last one, which would be lost to it. */
  boolean holds(StreamActor.StartPublish start) {
    return start.request().resumeSession() == 0 && isAwaitingRest();
  }

  /** A session was opened: the last one while its rest is awaited, as new ones are held. */
  void onSessionOpened() {
    if (isAwaitingRest()) {
      tail(StreamSettings.TAIL_LIMIT);
    }
  }

  /** The way to the publisher broke. */
  void onRelayLost(long session) {
    boolean current =
        session == entity.state().session() && entity.status() == StreamState.Status.LIVE;
    if (current && !lease.isAccepting()) {
      lease.onRelayLost();
      waitForRelay(graceFrom(entity.now()));
      entity.log().info("stream {} has lost the way to its publisher", entity.streamId());
    }
  }

  private void waitForRelay(long untilAfterwards) {
    graceUntil = untilAfterwards;
    entity.timers().startSingleTimer(StreamActor.Timer.RELAY, StreamSettings.RELAY_WAIT);
  }

  /** The relay has stayed away: its session is over. A grace has begun when its way was lost. */
  void onRelayStaysAway() {
    if (entity.status() == StreamState.Status.LIVE && !lease.isAccepting()) {
      stream.endSession(CloseReason.REFUSED, "The ingest did not come back.");
      lease.onSessionOver();
      long fair = entity.now() + StreamSettings.RESTART_GRACE.toMillis();
      reconnecting(Math.max(graceUntil, fair));
    }
  }

  /** The publisher itself has gone. */
  void onSessionOver() {
    if (isAwaitingRest()) {
      tail(Duration.ZERO);
    }
    reconnecting(graceFrom(entity.now()));
  }

  private long graceFrom(long ms) {
    return ms + entity.settings().reconnectGrace().toMillis();
  }

  private void reconnecting(long until) {
    entity.timers().cancel(StreamActor.Timer.RELAY);
    entity.become(entity.state().reconnecting(until));
    startGrace();
    stream.save(false);
    entity.updateDirectory();
    report.publish();
    entity.log().info("stream {} has no publisher, waiting for one", entity.streamId());
  }

  private void startGrace() {
    entity.timers().startSingleTimer(StreamActor.Timer.GRACE, entity.untilDeadline());
  }
}
