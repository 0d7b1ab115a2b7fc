package io.millrace.node.stream;

import io.millrace.media.segment.PipelineState;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.relay.LeaseRequest;
import io.millrace.node.stream.StreamActor.Command;
import io.millrace.node.stream.StreamActor.SessionOpened;
import io.millrace.node.stream.StreamActor.StartPublish;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Who publishes an owned stream: the take-over policy, and the way of one request to a session that
 * is first durable, then open at the media side, then answered. Confined to the stream's actor.
 */
final class PublishLease {
  private static final long NOT_WAITING = Long.MAX_VALUE;

  private final StreamEntity entity;
  private final StreamEngine engine;
  private final ToLongFunction<StreamState> save;
  private Optional<StartPublish> accepting = Optional.empty();
  private boolean acceptingResumed;
  private long acceptingVersion;
  private String acceptedRequest = "";
  private LeaseReply acceptedReply;
  private long resumableSession;
  private boolean hasPublisher;
  private long acceptedAtMs;
  private String incumbentHost = "";

  /**
   * @param save makes a state the stream's and writes it at once; gives its version
   */
  PublishLease(StreamEntity entity, StreamEngine engine, ToLongFunction<StreamState> save) {
    this.entity = entity;
    this.engine = engine;
    this.save = save;
  }

  /** A publisher that outlived the last owner may go on with this session. */
  void resumable(long session) {
    resumableSession = session;
  }

  boolean isAccepting() {
    return accepting.isPresent();
  }

  /** The request was seen before: it is answered again, or its answer is on the way. */
  boolean knows(StartPublish start) {
    String requestId = start.request().requestId();
    if (requestId.equals(acceptedRequest)) {
      start.replyTo().tell(acceptedReply);
      return true;
    }
    return accepting.isPresent() && accepting.get().request().requestId().equals(requestId);
  }

  Behavior<Command> onStartPublish(StartPublish start) {
    LeaseRequest request = start.request();
    boolean resumed = request.resumeSession() != 0;
    if (resumed && isWhole(request.resumeSession())) {
      return entity.reject(start, PublishAnswer.Reason.SUPERSEDED, "All of this publish is here.");
    }
    if (resumed && request.resumeSession() != resumableSession && !isOpen(request)) {
      return entity.reject(
          start, PublishAnswer.Reason.SUPERSEDED, "The stream has gone on without this publisher.");
    }
    if (!resumed && !mayComeIn(request)) {
      return entity.reject(
          start, PublishAnswer.Reason.ALREADY_PUBLISHING, "This stream already has a publisher.");
    }
    accept(start, resumed);
    return Behaviors.same();
  }

  /** Its publisher had gone, and the last owner made all of it durable before it was lost. */
  boolean isWhole(long session) {
    PipelineState state = entity.state().pipeline();
    return state != null
        && state.session() == session
        && !state.sessionLive()
        && state.resume() == null;
  }

  /** The relay of the session that is open has lost its way to here. */
  private boolean isOpen(LeaseRequest request) {
    return entity.status() == StreamState.Status.LIVE
        && request.resumeSession() == entity.state().session();
  }

  private boolean mayComeIn(LeaseRequest request) {
    if (hasPublisher) {
      return mayTakeOver();
    }
    return !rejectsSecond() || !isAwaitingRelay() || isIncumbent(request);
  }

  private boolean rejectsSecond() {
    return entity.settings().secondPublisher() == StreamSettings.SecondPublisher.REJECT;
  }

  /** The publisher may still be connected to its ingest. */
  private boolean isAwaitingRelay() {
    return entity.timers().isTimerActive(StreamActor.Timer.RELAY);
  }

  /**
   * It comes from the same host as the one whose relay is awaited. A new incarnation does not know
   * that host; on a node without others no relay outlives the owner.
   */
  private boolean isIncumbent(LeaseRequest request) {
    return incumbentHost.isEmpty()
        ? !entity.deps().self().data().isPresent()
        : incumbentHost.equals(hostOf(request.peer()));
  }

  private static String hostOf(String peer) {
    return peer.substring(0, Math.max(0, peer.lastIndexOf(':')));
  }

  /** Two encoders with one key must not take the stream from each other again and again. */
  private boolean mayTakeOver() {
    if (rejectsSecond()) {
      return false;
    }
    boolean recent = entity.now() - acceptedAtMs < StreamSettings.PING_PONG.toMillis();
    long silence = System.nanoTime() - engine.lastUnitNanos();
    return !recent || silence >= StreamSettings.INCUMBENT_SILENCE.toNanos();
  }

  private void accept(StartPublish start, boolean resumed) {
    entity.timers().cancel(StreamActor.Timer.GRACE);
    entity.timers().cancel(StreamActor.Timer.RELAY);
    StreamState state = entity.state();
    long session = resumed ? state.session() : state.session() + 1;
    accepting = Optional.of(start);
    acceptingResumed = resumed;
    if (resumed && state.status() == StreamState.Status.LIVE) {
      openSession();
      return;
    }
    acceptingVersion = save.applyAsLong(state.live(session, entity.now()));
  }

  /** The state is durable up to {@code version}. */
  void onSaved(long version) {
    if (accepting.isPresent() && version >= acceptingVersion) {
      openSession();
    }
  }

  /**
   * The lease cannot be made durable now: a stream that has media goes on from memory.
   *
   * @return false when the publish was refused and nothing is left to own
   */
  boolean onStoreInDoubt(boolean hasMedia) {
    if (accepting.isEmpty() || acceptingVersion == NOT_WAITING) {
      return true;
    }
    if (hasMedia) {
      openSession();
      return true;
    }
    StartPublish start = accepting.get();
    accepting = Optional.empty();
    entity.refuseForNow(start, "The server's store is unavailable.");
    return false;
  }

  private void openSession() {
    acceptingVersion = NOT_WAITING;
    long session = entity.state().session();
    CompletionStage<Long> opened = engine.startSession(session, acceptingResumed);
    entity
        .context()
        .pipeToSelf(opened, (firstSeq, failure) -> new SessionOpened(session, firstSeq, failure));
  }

  /**
   * @return whether the publish is accepted now
   */
  boolean onSessionOpened(SessionOpened opened) {
    StreamState state = entity.state();
    if (accepting.isEmpty() || opened.session() != state.session()) {
      return false;
    }
    StartPublish start = accepting.get();
    accepting = Optional.empty();
    if (opened.failure() != null) {
      throw new IllegalStateException("session cannot be opened", opened.failure());
    }
    resumableSession = state.session();
    hasPublisher = true;
    acceptedAtMs = entity.now();
    incumbentHost = hostOf(start.request().peer());
    acceptedRequest = start.request().requestId();
    acceptedReply =
        new LeaseReply.Accepted(
            acceptedRequest,
            entity.deps().self().name(),
            entity.deps().self().data(),
            state.epoch(),
            state.session(),
            opened.firstSeq());
    start.replyTo().tell(acceptedReply);
    entity
        .log()
        .info(
            "stream {} is published from {}, session {}",
            entity.streamId(),
            start.request().peer(),
            state.session());
    return true;
  }

  /** The publisher of the open session is gone; it may not resume. */
  void onSessionOver() {
    resumableSession = 0;
    incumbentHost = "";
    hasPublisher = false;
    acceptedRequest = "";
  }

  /** The publisher of the open session is out of reach; it may resume, or another one may come. */
  void onRelayLost() {
    hasPublisher = false;
    acceptedRequest = "";
  }
}
