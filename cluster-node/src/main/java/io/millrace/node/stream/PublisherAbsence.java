package io.millrace.node.stream;

import io.millrace.node.ingest.PublisherControl.CloseReason;

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
    if (state.status() == StreamState.Status.LIVE) {
      waitForRelay(graceFrom(entity.now() + StreamSettings.RELAY_WAIT.toMillis()));
      entity.updateDirectory();
    } else {
      long fair = entity.now() + StreamSettings.RESTART_GRACE.toMillis();
      reconnecting(Math.max(state.deadlineMs(), fair));
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
