package io.millrace.node.stream;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.http.StreamInfo;
import io.millrace.media.MediaSegment;
import io.millrace.media.Rendition;
import io.millrace.media.segment.PipelineNotice;
import io.millrace.media.segment.PipelineStatus;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.CborSerializable;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.edge.StreamStatuses;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.placement.Slot;
import io.millrace.node.placement.StreamDirectory;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.relay.LeaseRequest;
import io.millrace.node.relay.PublisherActor;
import io.millrace.node.store.FencedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * Owns one live stream: the publish lease, the order stored → durable → shown → acknowledged, the
 * reconnect grace, the end. Its state is written by {@link StreamStateActor}; media flows through
 * the {@link StreamEngine} beside it. After a crash the next incarnation claims the stream with a
 * higher epoch and goes on from the durable state; what was not durable is replayed by the relay.
 */
public final class StreamActor {

  public static final EntityTypeKey<Command> ENTITY_TYPE_KEY =
      EntityTypeKey.create(Command.class, "Stream");

  /** What a stream is told. */
  public sealed interface Command {}

  /** Asks for the publish lease. */
  @JsonTypeName("start-publish")
  public record StartPublish(
      LeaseRequest request,
      ActorRef<PublisherActor.Command> publisher,
      ActorRef<LeaseReply> replyTo)
      implements Command, CborSerializable {}

  /** Comes to life if there is anything to own; else stops again. */
  @JsonTypeName("wake")
  public record Wake() implements Command, CborSerializable {}

  /** Ends the publish and the stream at once. */
  @JsonTypeName("kick")
  public record Kick(ActorRef<KickReply> replyTo) implements Command, CborSerializable {}

  /** Hand-off: ends the publish so that what was acknowledged is durable, then stops. */
  @JsonTypeName("stop")
  public record Stop() implements Command, CborSerializable {}

  /**
   * @param kicked false when there was no live stream
   */
  @JsonTypeName("kick-reply")
  public record KickReply(boolean kicked) implements CborSerializable {}

  record FromEngine(long epoch, EngineEvent event) implements Command {}

  private record FromState(StreamStateActor.Event event) implements Command {}

  private record ShowUnstored(MediaSegment segment) implements Command {}

  private record SessionOpened(long session, Long firstSeq, Throwable failure) implements Command {}

  private record KeeperAlarm(StateKeeper.Alarm alarm) implements Command {}

  private enum Timer implements Command {
    GRACE,
    RETENTION,
    ENDING
  }

  /** What all streams of a node share. */
  public record Dependencies(
      StreamSettings settings,
      StreamEngineFactory engines,
      WorkerSource workers,
      SegmentStore store,
      StreamDirectory directory,
      StreamEdge edge,
      StreamStatuses statuses,
      TranscodeCapacity capacity,
      MeterRegistry registry,
      String nodeName,
      String statePluginId,
      LongSupplier wallClockMs) {}

  private static final int MAX_STASHED = 1000;
  private static final int MAX_NOTICES = 20;
  private static final Duration ENDING_LIMIT = Duration.ofSeconds(3);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final StashBuffer<Command> stash;
  private final Dependencies deps;
  private final String streamId;
  private final int slot;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final StateKeeper keeper;
  private final ActorRef<StreamStateActor.Event> stateEvents;
  private final Map<String, ActorRef<TranscoderActor.Command>> transcoders = new HashMap<>();
  private final Deque<StreamInfo.Notice> notices = new ArrayDeque<>();
  private final StreamMetrics metrics;

  private StreamState state;
  private StreamLedger ledger;
  private StreamEngine engine;
  private ActorRef<PlaylistActor.Command> playlists;
  private PipelineStatus status;
  private Optional<StartPublish> accepting = Optional.empty();
  private boolean acceptingResumed;
  private long acceptingVersion;
  private String acceptedRequest = "";
  private LeaseReply acceptedReply;
  private long resumableSession;
  private long acceptedAtMs;
  private ActorRef<WorkerActor.Command> worker;
  private boolean ending;
  private boolean stopping;
  private int children;

  private StreamActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      StashBuffer<Command> stash,
      Dependencies deps,
      String entityId,
      ActorRef<ClusterSharding.ShardCommand> shard) {
    this.context = context;
    this.timers = timers;
    this.stash = stash;
    this.deps = deps;
    this.streamId = Slot.streamIdOf(entityId);
    this.slot = Slot.of(entityId).number();
    this.shard = shard;
    this.metrics = new StreamMetrics(deps.registry(), streamId);
    this.stateEvents = context.messageAdapter(StreamStateActor.Event.class, FromState::new);
    this.keeper = new StateKeeper(this::spawnState, this::alarm, deps.settings().storeDoubt());
  }

  /**
   * @param shard is asked to stop this entity, by {@link Stop}
   */
  static Behavior<Command> create(
      Dependencies deps, String entityId, ActorRef<ClusterSharding.ShardCommand> shard) {
    return Behaviors.setup(
        context ->
            Behaviors.withStash(
                MAX_STASHED,
                stash ->
                    Behaviors.withTimers(
                        timers ->
                            new StreamActor(context, timers, stash, deps, entityId, shard)
                                .recovering())));
  }

  // --- coming to life ---------------------------------------------------------------------------

  private Behavior<Command> recovering() {
    keeper.expectRecovery();
    return Behaviors.receive(Command.class)
        .onMessage(FromState.class, this::onRecoveringState)
        .onMessage(KeeperAlarm.class, this::onAlarm)
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .onAnyMessage(this::stash)
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private Behavior<Command> onRecoveringState(FromState from) {
    if (!(from.event() instanceof StreamStateActor.Recovered recovered)) {
      return Behaviors.same();
    }
    keeper.onRecovered();
    state = recovered.state();
    if (state.exists() && state.status() != StreamState.Status.ENDED) {
      return claim(state);
    }
    if (state.exists() && state.deadlineMs() > now()) {
      return claim(state);
    }
    return stash.unstashAll(idle());
  }

  private Behavior<Command> idle() {
    return Behaviors.receive(Command.class)
        .onMessage(StartPublish.class, this::onFirstPublish)
        .onMessage(Kick.class, this::onKickUnknown)
        .onMessage(Wake.class, wake -> onWakeUnknown())
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .onMessage(KeeperAlarm.class, this::onAlarm)
        .onMessage(FromState.class, this::onStateEvent)
        .onAnyMessage(other -> Behaviors.same())
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private Behavior<Command> onFirstPublish(StartPublish start) {
    stash.stash(start);
    return claim(state.fresh(now() + StreamSettings.FIRST_PUBLISH.toMillis()));
  }

  private Behavior<Command> onKickUnknown(Kick kick) {
    kick.replyTo().tell(new KickReply(false));
    return onWakeUnknown();
  }

  /** There is nothing to own: what is left of an ended stream goes, and so does this entity. */
  private Behavior<Command> onWakeUnknown() {
    forgetEverywhere();
    if (state.exists()) {
      keeper.delete();
    } else {
      passivate();
    }
    return Behaviors.same();
  }

  private Behavior<Command> claim(StreamState from) {
    state = from.claimed(deps.nodeName());
    long version = keeper.save(state, false);
    return Behaviors.receive(Command.class)
        .onMessage(FromState.class, event -> onClaimingState(event, version))
        .onMessage(KeeperAlarm.class, this::onAlarm)
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .onAnyMessage(this::stash)
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private Behavior<Command> onClaimingState(FromState from, long version) {
    Behavior<Command> next = onStateEvent(from);
    boolean claimed =
        from.event() instanceof StreamStateActor.Saved saved && saved.version() >= version;
    return claimed ? own() : next;
  }

  private Behavior<Command> own() {
    ledger = StreamLedger.recovered(deps.settings().window(), state, monotonicMs());
    playlists =
        spawn(
            PlaylistActor.create(
                new PlaylistActor.Place(
                    streamId, state.epoch(), deps.settings().window(), deps.edge(), deps.store())),
            "playlists");
    boolean over = state.status() == StreamState.Status.ENDED;
    if (!over) {
      startEngine();
    }
    restorePlaylists();
    if (over) {
      playlists.tell(PlaylistActor.End.INSTANCE);
      timers.startSingleTimer(Timer.RETENTION, untilDeadline());
    } else if (state.hasStarted()) {
      resumableSession = state.session();
      waitForPublisher();
    } else {
      timers.startSingleTimer(Timer.GRACE, untilDeadline());
    }
    publishStatus();
    context.getLog().info("stream {} is owned here, epoch {}", streamId, state.epoch());
    return stash.unstashAll(owning());
  }

  /** After a restart: the stored deadline counts, but the publisher gets a fair chance. */
  private void waitForPublisher() {
    long fair = now() + StreamSettings.RESTART_GRACE.toMillis();
    long until =
        state.status() == StreamState.Status.RECONNECTING
            ? Math.max(state.deadlineMs(), fair)
            : now() + deps.settings().reconnectGrace().toMillis();
    state = state.reconnecting(until);
    timers.startSingleTimer(Timer.GRACE, untilDeadline());
    save(true);
    updateDirectory();
  }

  private void startEngine() {
    long epoch = state.epoch();
    ActorRef<Command> self = context.getSelf();
    engine =
        deps.engines()
            .create(
                streamId,
                epoch,
                Optional.ofNullable(state.pipeline()),
                event -> self.tell(new FromEngine(epoch, event)));
  }

  private void restorePlaylists() {
    if (state.presentation() != null) {
      playlists.tell(new PlaylistActor.Restore(state.presentation(), state.windows()));
      if (engine != null) {
        spawnTranscoders(state.presentation().renditions());
      }
    }
  }

  // --- owning -----------------------------------------------------------------------------------

  private Behavior<Command> owning() {
    return Behaviors.receive(Command.class)
        .onMessage(StartPublish.class, this::onStartPublish)
        .onMessage(SessionOpened.class, this::onSessionOpened)
        .onMessage(FromEngine.class, this::onFromEngine)
        .onMessage(FromState.class, this::onStateEvent)
        .onMessage(ShowUnstored.class, this::onShowUnstored)
        .onMessage(Kick.class, this::onKick)
        .onMessage(Wake.class, wake -> Behaviors.same())
        .onMessage(Stop.class, stop -> onStop())
        .onMessage(Timer.class, this::onTimer)
        .onMessage(KeeperAlarm.class, this::onAlarm)
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private Behavior<Command> onStartPublish(StartPublish start) {
    LeaseRequest request = start.request();
    if (request.requestId().equals(acceptedRequest)) {
      start.replyTo().tell(acceptedReply);
      return Behaviors.same();
    }
    if (accepting.isPresent()) {
      boolean repeated = accepting.get().request().requestId().equals(request.requestId());
      return repeated ? Behaviors.same() : stash(start);
    }
    if (stopping) {
      return reject(start, PublishAnswer.Reason.UNAVAILABLE, "The node is stopping.");
    }
    if (ending) {
      return stash(start);
    }
    if (state.status() == StreamState.Status.ENDED) {
      return startAnew(start);
    }
    return onPublishOfLiving(start);
  }

  private Behavior<Command> onPublishOfLiving(StartPublish start) {
    long resume = start.request().resumeSession();
    if (resume != 0 && resume != resumableSession) {
      return reject(
          start,
          PublishAnswer.Reason.UNAVAILABLE,
          "The stream has gone on without this publisher.");
    }
    if (resume == 0 && state.status() == StreamState.Status.LIVE && !mayTakeOver()) {
      return reject(
          start, PublishAnswer.Reason.ALREADY_PUBLISHING, "This stream already has a publisher.");
    }
    return accept(start, resume != 0);
  }

  /** Two encoders with one key must not take the stream from each other again and again. */
  private boolean mayTakeOver() {
    if (deps.settings().secondPublisher() == StreamSettings.SecondPublisher.REJECT) {
      return false;
    }
    boolean recent = now() - acceptedAtMs < StreamSettings.PING_PONG.toMillis();
    long silence = System.nanoTime() - engine.lastUnitNanos();
    return !recent || silence >= StreamSettings.INCUMBENT_SILENCE.toNanos();
  }

  private Behavior<Command> accept(StartPublish start, boolean resumed) {
    timers.cancel(Timer.GRACE);
    state = state.live(resumed ? state.session() : state.session() + 1, now());
    accepting = Optional.of(start);
    acceptingResumed = resumed;
    acceptingVersion = save(false);
    return Behaviors.same();
  }

  /** The lease is durable, or the store is in doubt and the stream lives. */
  private void openSession() {
    acceptingVersion = Long.MAX_VALUE;
    long session = state.session();
    CompletionStage<Long> opened = engine.startSession(session, acceptingResumed);
    context.pipeToSelf(
        opened, (firstSeq, failure) -> new SessionOpened(session, firstSeq, failure));
  }

  private Behavior<Command> onSessionOpened(SessionOpened opened) {
    if (accepting.isEmpty() || opened.session() != state.session()) {
      return Behaviors.same();
    }
    StartPublish start = accepting.get();
    accepting = Optional.empty();
    if (opened.failure() != null) {
      throw new IllegalStateException("session cannot be opened", opened.failure());
    }
    resumableSession = 0;
    acceptedAtMs = now();
    acceptedRequest = start.request().requestId();
    acceptedReply =
        new LeaseReply.Accepted(
            acceptedRequest, deps.nodeName(), state.epoch(), state.session(), opened.firstSeq());
    start.replyTo().tell(acceptedReply);
    updateDirectory();
    publishStatus();
    context
        .getLog()
        .info(
            "stream {} is published from {}, session {}",
            streamId,
            start.request().peer(),
            state.session());
    return stash.unstashAll(owning());
  }

  private Behavior<Command> startAnew(StartPublish start) {
    stash.stash(start);
    timers.cancel(Timer.RETENTION);
    releaseChildren();
    deleteObjects(state);
    return claim(state.fresh(now() + StreamSettings.FIRST_PUBLISH.toMillis()));
  }

  private Behavior<Command> reject(StartPublish start, PublishAnswer.Reason reason, String text) {
    start.replyTo().tell(new LeaseReply.Rejected(start.request().requestId(), reason, text));
    return Behaviors.same();
  }

  // --- media side -------------------------------------------------------------------------------

  private Behavior<Command> onFromEngine(FromEngine from) {
    boolean ended = state.status() == StreamState.Status.ENDED;
    if (from.epoch() != state.epoch() || ended) {
      return Behaviors.same();
    }
    EngineEvent event = from.event();
    if (event instanceof EngineEvent.SegmentMade made) {
      onSegmentMade(made.segment());
    } else if (event instanceof EngineEvent.SegmentStored stored) {
      onSegmentStored(stored);
    } else if (event instanceof EngineEvent.InitMade init) {
      deps.edge().putObject(streamId, init.rendition(), init.name(), init.bytes());
      transcoders
          .get(init.rendition())
          .tell(new TranscoderActor.StoreInit(init.name(), init.bytes()));
    } else if (event instanceof EngineEvent.Presented presented) {
      onPresented(presented);
    } else if (event instanceof EngineEvent.SessionOver over) {
      onSessionOver(over.session());
    } else if (event instanceof EngineEvent.SessionRefused refused) {
      onSessionRefused(refused);
    } else if (event instanceof EngineEvent.WorkerNeeded) {
      onWorkerNeeded();
    } else if (event instanceof EngineEvent.Noticed noticed) {
      onNotice(noticed.notice());
    } else if (event instanceof EngineEvent.StatusTaken taken) {
      onStatus(taken.status());
    } else if (event instanceof EngineEvent.Failed failed) {
      throw new IllegalStateException("media pipeline failed", failed.cause());
    }
    return Behaviors.same();
  }

  private void onPresented(EngineEvent.Presented presented) {
    ledger.present(presented.presentation(), monotonicMs());
    playlists.tell(new PlaylistActor.Present(presented.presentation()));
    spawnTranscoders(presented.presentation().renditions());
    publishStatus();
  }

  private void onSegmentMade(MediaSegment segment) {
    ledger.made(segment);
    if (!segment.ref().gap()) {
      deps.edge().putObject(streamId, segment.rendition(), segment.ref().name(), segment.bytes());
    }
    transcoders.get(segment.rendition()).tell(new TranscoderActor.StoreSegment(segment));
  }

  private void onSegmentStored(EngineEvent.SegmentStored stored) {
    ledger.stored(
        stored.rendition(), stored.msn(), stored.state(), keeper.nextVersion(), monotonicMs());
    save(true);
    boolean drained =
        stored.state() != null
            && !stored.state().sessionLive()
            && stored.state().openSpans().isEmpty();
    if (ending && drained) {
      keeper.flush();
      timers.startSingleTimer(Timer.ENDING, Duration.ofMillis(200));
    }
  }

  private Behavior<Command> onShowUnstored(ShowUnstored command) {
    MediaSegment segment = command.segment();
    playlists.tell(new PlaylistActor.Show(segment.rendition(), segment.ref()));
    return Behaviors.same();
  }

  private void onSessionOver(long session) {
    boolean current = session == state.session() && state.status() == StreamState.Status.LIVE;
    if (!current || accepting.isPresent()) {
      return;
    }
    resumableSession = 0;
    acceptedRequest = "";
    if (ending) {
      return;
    }
    state = state.reconnecting(now() + deps.settings().reconnectGrace().toMillis());
    timers.startSingleTimer(Timer.GRACE, untilDeadline());
    save(false);
    updateDirectory();
    publishStatus();
    context.getLog().info("stream {} has lost its publisher, waiting", streamId);
  }

  private void onSessionRefused(EngineEvent.SessionRefused refused) {
    onNotice(new PipelineNotice("publish.refused", refused.text()));
    engine.endSession(CloseReason.REFUSED, refused.text());
    if (ledger.pipeline() == null) {
      finish(Duration.ZERO);
    } else {
      onSessionOver(refused.session());
    }
  }

  private void onWorkerNeeded() {
    if (worker == null) {
      worker =
          spawn(WorkerActor.create(streamId, deps.workers(), engine, deps.registry()), "worker");
    }
  }

  private void onNotice(PipelineNotice notice) {
    context.getLog().info("stream {}: {} ({})", streamId, notice.text(), notice.code());
    deps.registry().counter("millrace.notices", "code", notice.code()).increment();
    notices.addFirst(
        new StreamInfo.Notice(Instant.ofEpochMilli(now()), notice.code(), notice.text()));
    while (notices.size() > MAX_NOTICES) {
      notices.removeLast();
    }
  }

  private void onStatus(PipelineStatus newStatus) {
    status = newStatus;
    deps.capacity().uses(streamId, newStatus.costCores());
    long hideBefore = System.nanoTime() - Duration.ofSeconds(60).toNanos();
    playlists.tell(
        new PlaylistActor.Hide(
            newStatus.renditions().stream()
                .filter(r -> r.suspendedSinceNanos() != 0)
                .filter(r -> r.suspendedSinceNanos() - hideBefore < 0)
                .map(PipelineStatus.RenditionStatus::name)
                .collect(Collectors.toUnmodifiableSet())));
    publishStatus();
  }

  // --- state ------------------------------------------------------------------------------------

  private long save(boolean soon) {
    state = state.with(ledger.pipeline(), ledger.windows());
    return keeper.save(state, soon);
  }

  private Behavior<Command> onStateEvent(FromState from) {
    if (from.event() instanceof StreamStateActor.Saved saved) {
      onSaved(saved.version());
    } else if (from.event() instanceof StreamStateActor.Recovered recovered) {
      if (recovered.state().epoch() > state.epoch()) {
        return fenced();
      }
      keeper.onRecovered();
    } else if (from.event() instanceof StreamStateActor.Deleted deleted) {
      if (deleted.failure() != null) {
        context.getLog().warn("state of stream {} stays: {}", streamId, deleted.failure());
      }
      passivate();
    }
    return Behaviors.same();
  }

  private void onSaved(long version) {
    keeper.onSaved(version);
    if (ledger != null) {
      for (StreamLedger.Pending done : ledger.durable(version)) {
        playlists.tell(new PlaylistActor.Show(done.rendition(), done.ref()));
        engine.durable(done.rendition(), done.ref().msn());
      }
    }
    if (accepting.isPresent() && version >= acceptingVersion) {
      openSession();
    }
  }

  private Behavior<Command> onAlarm(KeeperAlarm alarm) {
    switch (alarm.alarm()) {
      case FLUSH -> keeper.flush();
      case RESTART -> keeper.restart();
      case DOUBT -> {
        return onStoreInDoubt();
      }
    }
    return Behaviors.same();
  }

  /** Running streams go on from memory; a stream that is not owned yet cannot start. */
  private Behavior<Command> onStoreInDoubt() {
    context.getLog().warn("the state store does not answer for stream {}", streamId);
    if (ledger == null || engine == null) {
      stash.forEach(
          command -> {
            if (command instanceof StartPublish start) {
              reject(start, PublishAnswer.Reason.UNAVAILABLE, "The server's store is unavailable.");
            }
          });
      return Behaviors.stopped();
    }
    for (StreamLedger.Pending waiting : ledger.waiting()) {
      playlists.tell(new PlaylistActor.Show(waiting.rendition(), waiting.ref()));
    }
    if (accepting.isPresent() && acceptingVersion != Long.MAX_VALUE) {
      if (ledger.pipeline() == null) {
        StartPublish start = accepting.get();
        accepting = Optional.empty();
        reject(start, PublishAnswer.Reason.UNAVAILABLE, "The server's store is unavailable.");
        return Behaviors.stopped();
      }
      openSession();
    }
    return Behaviors.same();
  }

  private Behavior<Command> onChildFailed(ChildFailed failed) {
    if (!failed.getRef().path().name().startsWith("state-")) {
      throw new IllegalStateException(failed.getRef().path().name() + " failed", failed.getCause());
    }
    if (FencedException.isCauseOf(failed.getCause())) {
      return fenced();
    }
    context.getLog().warn("state of stream {}: {}", streamId, rootOf(failed.getCause()));
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

  private Behavior<Command> fenced() {
    context.getLog().warn("stream {} has another owner now, stopping here", streamId);
    return Behaviors.stopped();
  }

  // --- the end ----------------------------------------------------------------------------------

  private Behavior<Command> onKick(Kick kick) {
    boolean living = state.status() != StreamState.Status.ENDED && !ending;
    kick.replyTo().tell(new KickReply(living));
    if (living) {
      context.getLog().info("stream {} is ended by request", streamId);
      beginEnding(CloseReason.KICKED, "The stream was ended by the server.");
    }
    return Behaviors.same();
  }

  private Behavior<Command> onStop() {
    if (stopping) {
      return Behaviors.same();
    }
    if (ledger == null || state.status() != StreamState.Status.LIVE) {
      return Behaviors.stopped();
    }
    stopping = true;
    beginEnding(CloseReason.NODE_STOPPING, "The server is stopping.");
    return Behaviors.same();
  }

  /** The last segments come out and are stored before the stream ends or the node stops. */
  private void beginEnding(CloseReason reason, String text) {
    ending = true;
    timers.cancel(Timer.GRACE);
    boolean live = state.status() == StreamState.Status.LIVE;
    engine.endSession(reason, text);
    timers.startSingleTimer(Timer.ENDING, live ? ENDING_LIMIT : Duration.ZERO);
  }

  private Behavior<Command> onTimer(Timer timer) {
    switch (timer) {
      case GRACE -> finish(deps.settings().retention());
      case RETENTION -> forget();
      case ENDING -> {
        return onEndingOver();
      }
    }
    return Behaviors.same();
  }

  private Behavior<Command> onEndingOver() {
    ending = false;
    if (!stopping) {
      finish(deps.settings().retention());
      return stash.unstashAll(owning());
    }
    state = state.reconnecting(now() + deps.settings().reconnectGrace().toMillis());
    updateDirectory();
    long version = save(false);
    return Behaviors.receive(Command.class)
        .onMessage(FromState.class, from -> onLastState(from, version))
        .onMessage(
            KeeperAlarm.class,
            alarm ->
                alarm.alarm() == StateKeeper.Alarm.DOUBT ? Behaviors.stopped() : onAlarm(alarm))
        .onAnyMessage(other -> Behaviors.same())
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private Behavior<Command> onLastState(FromState from, long version) {
    Behavior<Command> next = onStateEvent(from);
    boolean done =
        from.event() instanceof StreamStateActor.Saved saved && saved.version() >= version;
    return done ? Behaviors.stopped() : next;
  }

  private void finish(Duration retention) {
    timers.cancel(Timer.GRACE);
    context.getLog().info("stream {} has ended", streamId);
    releaseWorker();
    engine.stop();
    deps.capacity().release(streamId);
    ledger.end();
    state = state.ended(now() + retention.toMillis());
    save(false);
    playlists.tell(PlaylistActor.End.INSTANCE);
    updateDirectory();
    publishStatus();
    timers.startSingleTimer(Timer.RETENTION, retention);
  }

  private void forget() {
    forgetEverywhere();
    keeper.delete();
  }

  private void forgetEverywhere() {
    metrics.close();
    deps.edge().remove(streamId);
    deps.statuses().remove(streamId);
    warnOnFailure(deps.store().deleteStream(streamId), "objects stay");
    warnOnFailure(deps.directory().remove(streamId, state.epoch()), "directory entry stays");
  }

  private void deleteObjects(StreamState old) {
    old.windows()
        .forEach(
            (rendition, window) -> {
              List<String> names =
                  window.listed().stream().filter(r -> !r.gap()).map(r -> r.name()).toList();
              warnOnFailure(deps.store().delete(streamId, rendition, names), "old segments stay");
            });
  }

  private void updateDirectory() {
    warnOnFailure(
        deps.directory()
            .update(
                new DirectoryEntry(
                    streamId,
                    slot,
                    state.status().name(),
                    deps.nodeName(),
                    state.epoch(),
                    state.startedAtMs())),
        "directory entry is old");
  }

  private void warnOnFailure(CompletionStage<Void> stage, String text) {
    var log = context.getSystem().log();
    stage.whenComplete(
        (done, error) -> {
          if (error != null) {
            log.warn("stream {}: {}: {}", streamId, text, error.toString());
          }
        });
  }

  private Behavior<Command> onPostStop() {
    metrics.close();
    if (engine != null) {
      engine.stop();
    }
    deps.capacity().release(streamId);
    return Behaviors.same();
  }

  private void passivate() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }

  // --- helpers ----------------------------------------------------------------------------------

  private Behavior<Command> stash(Command command) {
    if (stash.isFull()) {
      context.getLog().warn("stream {} gets more requests than it can hold", streamId);
    } else {
      stash.stash(command);
    }
    return Behaviors.same();
  }

  private ActorRef<StreamStateActor.Command> spawnState() {
    return spawn(StreamStateActor.create(streamId, deps.statePluginId(), stateEvents), "state");
  }

  private void spawnTranscoders(List<Rendition> renditions) {
    for (Rendition rendition : renditions) {
      transcoders.computeIfAbsent(rendition.name(), this::spawnTranscoder);
    }
  }

  private ActorRef<TranscoderActor.Command> spawnTranscoder(String rendition) {
    StreamEngine of = engine;
    ActorRef<Command> self = context.getSelf();
    TranscoderActor.Reports reports =
        new TranscoderActor.Reports() {
          @Override
          public void stored(long msn) {
            of.stored(rendition, msn);
          }

          @Override
          public void waiting(MediaSegment segment) {
            self.tell(new ShowUnstored(segment));
          }
        };
    return spawn(
        TranscoderActor.create(
            new TranscoderActor.Place(
                streamId, rendition, deps.store(), deps.settings().storeDoubt(), reports),
            deps.registry()),
        "transcoder-" + rendition);
  }

  private <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
    ActorRef<T> child = context.spawn(behavior, name + "-" + children++);
    context.watch(child);
    return child;
  }

  private void releaseChildren() {
    if (engine != null) {
      engine.stop();
    }
    engine = null;
    transcoders.values().forEach(this::release);
    transcoders.clear();
    release(playlists);
    releaseWorker();
    metrics.close();
    ledger = null;
    status = null;
    notices.clear();
    acceptedRequest = "";
  }

  private void releaseWorker() {
    if (worker != null) {
      release(worker);
      worker = null;
    }
  }

  private void release(ActorRef<?> child) {
    context.unwatch(child);
    context.stop(child);
  }

  private void alarm(StateKeeper.Alarm alarm, Duration delay) {
    KeeperAlarm message = new KeeperAlarm(alarm);
    if (delay == null) {
      timers.cancel(message);
    } else if (!timers.isTimerActive(message)) {
      timers.startSingleTimer(message, delay);
    }
  }

  private void publishStatus() {
    StreamFacts facts = new StreamFacts(state, ledger.presentation(), status, List.copyOf(notices));
    deps.statuses().publish(facts.toInfo());
    metrics.update(facts);
  }

  private Duration untilDeadline() {
    return Duration.ofMillis(Math.max(0, state.deadlineMs() - now()));
  }

  private long now() {
    return deps.wallClockMs().getAsLong();
  }

  private static long monotonicMs() {
    return System.nanoTime() / 1_000_000;
  }
}
