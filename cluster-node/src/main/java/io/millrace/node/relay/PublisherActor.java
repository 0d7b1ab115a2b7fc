package io.millrace.node.relay;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.millrace.node.CborSerializable;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.ingest.PublishRequest;
import io.millrace.node.ingest.PublisherControl;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One publish at its ingest: asks for the lease, connects the relay, asks again when the owner is
 * lost, and is where the owner reaches the broadcaster from another node. Lives from the request
 * until all of the publish is durable at its owner, or was given up.
 */
public final class PublisherActor {

  /** What a publisher's actor is told. */
  public sealed interface Command {}

  /** The owner ends the publish; may come from another node. */
  @JsonTypeName("close")
  public record Close(CloseReason reason, String text) implements Command, CborSerializable {}

  private record Answered(LeaseReply reply) implements Command {}

  private record OwnerConnected() implements Command {}

  private record OwnerLost() implements Command {}

  private record EndSent() implements Command {}

  private record Finished() implements Command {}

  /** The node stops: the publish ends here after the next acknowledgement, to go on elsewhere. */
  enum Leave implements Command {
    INSTANCE
  }

  private record MayLeave() implements Command {}

  private enum LeaveLimit implements Command {
    INSTANCE
  }

  private enum TakeOverLimit implements Command {
    INSTANCE
  }

  private enum EndLimit implements Command {
    INSTANCE
  }

  private enum Retry implements Command {
    INSTANCE
  }

  private enum Deadline implements Command {
    INSTANCE
  }

  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Duration RESUME_RETRY = Duration.ofMillis(250);
  private static final Duration MAX_RESUME_DELAY = Duration.ofSeconds(2);

  /** An owner that lives this long is not one that breaks on what this publisher sends. */
  private static final Duration HEALTHY = Duration.ofSeconds(10);

  private static final int MAX_EARLY_LOSSES = 5;

  /** Until the next acknowledgement, then the publisher's time to leave. */
  private static final Duration LEAVE_LIMIT = Duration.ofSeconds(15);

  private static final Duration TAKE_OVER_LIMIT = Duration.ofSeconds(2);
  private static final String LEAVING = "The server is stopping, connect again.";

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final RelaySettings settings;
  private final LeasePort leases;
  private final RelayConnector connector;
  private final RelayCounters counters;
  private final PublishRequest request;
  private final PublisherControl control;
  private final CompletableFuture<PublishAnswer> answer;
  private final IngestRelay relay;
  private final ActorRef<LeaseReply> replies;
  private String requestId = UUID.randomUUID().toString();
  private long session;
  private boolean connected;
  private long connectedNanos;
  private int earlyLosses;
  private int failedConnects;

  private PublisherActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Dependencies dependencies,
      PublishRequest request,
      PublisherControl control,
      CompletableFuture<PublishAnswer> answer) {
    this.context = context;
    this.timers = timers;
    this.settings = dependencies.settings();
    this.leases = dependencies.leases();
    this.connector = dependencies.connector();
    this.counters = dependencies.node().counters();
    this.request = request;
    this.control = control;
    this.answer = answer;
    this.relay =
        new IngestRelay(
            settings,
            control,
            new ToSelf(context.getSelf()),
            dependencies.node(),
            request.streamId());
    this.replies = context.messageAdapter(LeaseReply.class, Answered::new);
  }

  /** What every publish on this node shares. */
  record Dependencies(
      RelaySettings settings, LeasePort leases, RelayConnector connector, RelayNode node) {}

  /**
   * @param answer completed once, with whatever comes of the request
   */
  static Behavior<Command> create(
      Dependencies dependencies,
      PublishRequest request,
      PublisherControl control,
      CompletableFuture<PublishAnswer> answer) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new PublisherActor(context, timers, dependencies, request, control, answer)
                        .asking()));
  }

  private Behavior<Command> asking() {
    timers.startSingleTimer(Deadline.INSTANCE, settings.leaseTimeout());
    timers.startTimerWithFixedDelay(Retry.INSTANCE, RETRY);
    ask();
    return running();
  }

  private Behavior<Command> running() {
    return Behaviors.receive(Command.class)
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Retry.class, retry -> onRetry())
        .onMessage(Deadline.class, deadline -> onDeadline())
        .onMessage(OwnerConnected.class, connected -> onOwnerConnected())
        .onMessage(OwnerLost.class, lost -> onOwnerLost())
        .onMessage(EndSent.class, end -> onEndSent())
        .onMessage(Finished.class, finished -> Behaviors.stopped())
        .onMessage(Close.class, this::onClose)
        .onMessage(Leave.class, leave -> onLeave())
        .onMessage(MayLeave.class, may -> letGo())
        .onMessage(LeaveLimit.class, limit -> giveUp(CloseReason.NODE_STOPPING, LEAVING))
        .onMessage(TakeOverLimit.class, limit -> Behaviors.stopped())
        .onMessage(EndLimit.class, limit -> onEndLimit())
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private void ask() {
    LeaseRequest lease = new LeaseRequest(request.streamId(), requestId, session, request.peer());
    leases.request(lease, context.getSelf(), replies);
  }

  private Behavior<Command> onRetry() {
    ask();
    return Behaviors.same();
  }

  private Behavior<Command> onAnswered(Answered answered) {
    LeaseReply reply = answered.reply();
    if (!reply.requestId().equals(requestId) || !timers.isTimerActive(Retry.INSTANCE)) {
      return Behaviors.same();
    }
    if (reply instanceof LeaseReply.Accepted accepted) {
      return onAccepted(accepted);
    }
    return onRejected((LeaseReply.Rejected) reply);
  }

  private Behavior<Command> onAccepted(LeaseReply.Accepted accepted) {
    if (session != 0 && session != accepted.session()) {
      return giveUp(CloseReason.TAKEN_OVER, "The stream has gone on without this publisher.");
    }
    IngestRelay.TransportListener listener = relay.newListener();
    Optional<RelayTransport> transport = connector.connect(request.streamId(), accepted, listener);
    if (transport.isEmpty()) {
      context.getLog().debug("owner of stream {} is gone again, asking on", request.streamId());
      return Behaviors.same();
    }
    timers.cancel(Retry.INSTANCE);
    if (!answer.isDone()) {
      timers.cancel(Deadline.INSTANCE);
    }
    if (session != 0) {
      counters.resumed();
    }
    session = accepted.session();
    counters.opened(relay);
    relay.connected(transport.get(), listener, session, accepted.firstSeq());
    answer.complete(new PublishAnswer.Accepted(relay));
    return Behaviors.same();
  }

  private Behavior<Command> onRejected(LeaseReply.Rejected rejected) {
    if (answer.isDone() && rejected.reason() == PublishAnswer.Reason.UNAVAILABLE) {
      // The store or the new owner is not ready yet: the media waits here, until the deadline.
      context.getLog().debug("stream {} has no owner yet: {}", request.streamId(), rejected.text());
      return Behaviors.same();
    }
    if (answer.isDone()) {
      return giveUp(CloseReason.REFUSED, rejected.text());
    }
    answer.complete(new PublishAnswer.Rejected(rejected.reason(), rejected.text()));
    return Behaviors.stopped();
  }

  private Behavior<Command> onDeadline() {
    String text = "The stream's owner does not answer.";
    if (answer.isDone()) {
      return giveUp(CloseReason.REFUSED, text);
    }
    answer.complete(new PublishAnswer.Rejected(PublishAnswer.Reason.UNAVAILABLE, text));
    return Behaviors.stopped();
  }

  private Behavior<Command> onOwnerConnected() {
    timers.cancel(Deadline.INSTANCE);
    connected = true;
    connectedNanos = System.nanoTime();
    failedConnects = 0;
    return Behaviors.same();
  }

  /**
   * An owner that took the relay and was lost soon after may have failed on what this publisher
   * sends, which ends after some times; one that could not be reached is asked for again until the
   * deadline.
   */
  private Behavior<Command> onOwnerLost() {
    context.getLog().info("owner of stream {} was lost, asking for it again", request.streamId());
    if (connected) {
      boolean early = System.nanoTime() - connectedNanos < HEALTHY.toNanos();
      earlyLosses = early ? earlyLosses + 1 : 0;
    } else {
      failedConnects++;
    }
    connected = false;
    if (earlyLosses > MAX_EARLY_LOSSES) {
      return giveUp(CloseReason.REFUSED, "The server fails on this stream again and again.");
    }
    requestId = UUID.randomUUID().toString();
    if (!timers.isTimerActive(Deadline.INSTANCE)) {
      timers.startSingleTimer(Deadline.INSTANCE, settings.resumeTimeout());
    }
    timers.startTimerWithFixedDelay(Retry.INSTANCE, resumeDelay(), RESUME_RETRY);
    return Behaviors.same();
  }

  private Duration resumeDelay() {
    Duration delay = RESUME_RETRY.multipliedBy(1L << Math.min(earlyLosses + failedConnects, 5));
    return delay.compareTo(MAX_RESUME_DELAY) < 0 ? delay : MAX_RESUME_DELAY;
  }

  /** The last segment is not durable yet: should its owner be lost now, the next one makes it. */
  private Behavior<Command> onEndSent() {
    if (!timers.isTimerActive(EndLimit.INSTANCE)) {
      timers.startSingleTimer(EndLimit.INSTANCE, settings.resumeTimeout());
    }
    return Behaviors.same();
  }

  private Behavior<Command> onEndLimit() {
    context.getLog().warn("the end of stream {} is not durable in time", request.streamId());
    return Behaviors.stopped();
  }

  /** Whoever takes over does not overtake what was read here before. */
  private Behavior<Command> onClose(Close close) {
    if (close.reason() != CloseReason.TAKEN_OVER || timers.isTimerActive(TakeOverLimit.INSTANCE)) {
      return giveUp(close.reason(), close.text());
    }
    timers.startSingleTimer(TakeOverLimit.INSTANCE, TAKE_OVER_LIMIT);
    closeConnection(close.reason(), close.text());
    return Behaviors.same();
  }

  private Behavior<Command> onLeave() {
    timers.startSingleTimer(LeaveLimit.INSTANCE, LEAVE_LIMIT);
    relay.tellNextAcknowledgement();
    return Behaviors.same();
  }

  /** What was read from the broadcaster still goes to the owner; then all is finished here. */
  private Behavior<Command> letGo() {
    if (!relay.isClosed()) {
      control.leave(LEAVING);
    }
    return Behaviors.same();
  }

  private Behavior<Command> giveUp(CloseReason reason, String text) {
    closeConnection(reason, text);
    relay.abandon();
    return Behaviors.stopped();
  }

  /** Once the publisher has gone, its connection may be used for something else. */
  private void closeConnection(CloseReason reason, String text) {
    if (!relay.isClosed()) {
      control.close(reason, text);
    }
  }

  private Behavior<Command> onPostStop() {
    counters.closed(relay);
    relay.abandon();
    answer.complete(
        new PublishAnswer.Rejected(PublishAnswer.Reason.UNAVAILABLE, "The node is stopping."));
    return Behaviors.same();
  }

  private record ToSelf(ActorRef<Command> self) implements IngestRelay.Events {
    @Override
    public void ownerConnected() {
      self.tell(new OwnerConnected());
    }

    @Override
    public void ownerLost() {
      self.tell(new OwnerLost());
    }

    @Override
    public void acknowledged() {
      self.tell(new MayLeave());
    }

    @Override
    public void endedByOwner(CloseReason reason, String text) {
      self.tell(new Close(reason, text));
    }

    @Override
    public void endSent() {
      self.tell(new EndSent());
    }

    @Override
    public void finished() {
      self.tell(new Finished());
    }
  }
}
