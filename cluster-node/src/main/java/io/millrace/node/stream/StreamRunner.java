package io.millrace.node.stream;

import io.millrace.media.MediaPart;
import io.millrace.media.MediaSegment;
import io.millrace.media.Presentation;
import io.millrace.media.segment.PipelineNotice;
import io.millrace.media.segment.PipelineOutput;
import io.millrace.media.segment.PipelineSettings;
import io.millrace.media.segment.PipelineState;
import io.millrace.media.segment.StreamPipeline;
import io.millrace.media.worker.WorkerListener;
import io.millrace.media.worker.WorkerPort;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.relay.LeaseKey;
import io.millrace.node.relay.LocalOwners;
import io.millrace.node.relay.OwnerLink;
import io.millrace.node.relay.RelayFrame;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Holds the pipeline of one stream and feeds it: relay frames, worker events and ticks all run on
 * one serial executor. Results go to the stream's actor as {@link EngineEvent}s. Everything in here
 * is lost with the process; the pipeline is rebuilt from its persisted state and the relay's
 * replay.
 */
final class StreamRunner implements StreamEngine {
  private static final int FRAMES_PER_TURN = 256;

  /** A relay that is so far behind is not waited for when its publisher is replaced. */
  private static final int MAX_FRAMES_AT_TAKE_OVER = 8 * FRAMES_PER_TURN;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int TICKS_PER_STATUS = 4;

  /** What workers may have sent that the pipeline has not seen: a few seconds of all rungs. */
  private static final int WORKER_EVENT_BYTES = 16 << 20;

  /** Room for all events of workers, and for what the actor sends, which is little. */
  private static final int MAX_TASKS =
      WORKER_EVENT_BYTES / WorkerEvents.EVENT_OVERHEAD_BYTES + 1024;

  /** What all runners of a node share. */
  record Shared(
      PipelineSettings settings,
      PictureTaker.Shared pictures,
      MediaPulse pulse,
      LocalOwners owners,
      DoubleSupplier freeCores) {}

  private final Shared shared;
  private final String streamId;
  private final long epoch;
  private final Consumer<EngineEvent> events;
  private final PictureTaker pictures;
  private final SerialExecutor executor;
  private final ByteBudget workerEvents = new ByteBudget(WORKER_EVENT_BYTES);
  private final StreamPipeline pipeline;
  private final MediaPulse.Member pulse;
  private final Runnable drain = this::drain;
  private final Runnable tick = this::tick;
  private final Runnable drainHere;
  private final AtomicBoolean tickWaiting = new AtomicBoolean();
  private final AtomicBoolean drainWaiting = new AtomicBoolean();
  private volatile long lastUnitNanos = System.nanoTime();

  private long session;
  private boolean sessionOpen;
  private boolean connecting;
  private boolean mayComeBack;
  private long connectingSinceNanos;
  private final TakeOver takeOver = new TakeOver();
  private final EndedSession ended = new EndedSession();
  private OwnerLink link;
  private long lastSeq;
  private WorkerPort worker;
  private long ticks;

  private StreamRunner(
      Shared shared,
      String streamId,
      long epoch,
      Optional<PipelineState> recovered,
      Consumer<EngineEvent> events) {
    this.shared = shared;
    this.streamId = streamId;
    this.epoch = epoch;
    this.events = events;
    this.pictures = new PictureTaker(shared.pictures(), streamId);
    this.executor = new SerialExecutor(shared.pulse().executor(), MAX_TASKS, this::onFailure);
    this.pipeline =
        StreamPipeline.create(
            shared.settings(), epoch, recovered, new Output(), shared.freeCores());
    this.drainHere = () -> executor.executeHere(drain);
    this.pulse = shared.pulse().join(this::requestTick);
  }

  static StreamRunner create(
      Shared shared,
      String streamId,
      long epoch,
      Optional<PipelineState> recovered,
      Consumer<EngineEvent> events) {
    return new StreamRunner(shared, streamId, epoch, recovered, events);
  }

  @Override
  public CompletionStage<Long> startSession(long newSession, boolean resumed) {
    CompletableFuture<Long> firstSeq = new CompletableFuture<>();
    LeaseKey lease = new LeaseKey(streamId, epoch, newSession);
    Runnable open =
        () -> {
          if (resumed && sessionOpen && newSession == session) {
            dropLink();
          } else {
            openSession(newSession, resumed);
          }
          connectingSinceNanos = System.nanoTime();
          connecting = true;
          mayComeBack = resumed;
          shared.owners().expect(lease, newLink -> run(() -> attach(newSession, newLink)));
          firstSeq.complete(resumed ? pipeline.firstNeededSeq() : 0L);
        };
    run(() -> takeOver.open(open, resumed ? null : link));
    return firstSeq;
  }

  private void openSession(long newSession, boolean resumed) {
    takeWhatCame();
    closeSession(CloseReason.TAKEN_OVER, TakeOver.TEXT);
    long now = System.nanoTime();
    pipeline.sessionStarted(newSession, System.currentTimeMillis(), now, resumed);
    session = newSession;
    lastSeq = -1;
    sessionOpen = true;
    lastUnitNanos = now;
  }

  /** What the last publisher's relay has handed over by now is still of its session. */
  private void takeWhatCame() {
    for (int i = 0; i < MAX_FRAMES_AT_TAKE_OVER && link != null; i++) {
      Optional<RelayFrame> frame = link.poll();
      if (frame.isEmpty()) {
        return;
      }
      onFrame(frame.get());
    }
  }

  /** Its relay has asked again, so nobody is at the other end any more. */
  private void dropLink() {
    if (link != null) {
      link.release();
      link = null;
    }
  }

  private void attach(long ofSession, OwnerLink newLink) {
    if (ofSession != session || !sessionOpen) {
      newLink.release();
      return;
    }
    dropLink();
    link = newLink;
    connecting = false;
    newLink.start(this::requestDrain);
  }

  @Override
  public void endSession(CloseReason reason, String text) {
    run(
        () -> {
          takeOver.done();
          ended.end(reason, text);
          closeSession(reason, text);
        });
  }

  private void closeSession(CloseReason reason, String text) {
    if (!sessionOpen) {
      return;
    }
    shared.owners().forget(new LeaseKey(streamId, epoch, session));
    sessionOpen = false;
    connecting = false;
    if (link != null) {
      link.end(reason, text);
      link = null;
    }
    pipeline.sessionEnded(System.nanoTime());
  }

  @Override
  public long lastUnitNanos() {
    return lastUnitNanos;
  }

  private void requestDrain() {
    if (drainWaiting.compareAndSet(false, true)) {
      pulse.wake(drainHere);
    }
  }

  private void drain() {
    drainWaiting.set(false);
    for (int i = 0; i < FRAMES_PER_TURN; i++) {
      if (link == null) {
        return;
      }
      Optional<RelayFrame> frame = link.poll();
      if (frame.isEmpty()) {
        return;
      }
      onFrame(frame.get());
    }
    if (drainWaiting.compareAndSet(false, true)) {
      run(drain);
    }
  }

  private void onFrame(RelayFrame frame) {
    if (frame instanceof RelayFrame.Unit unit) {
      long now = System.nanoTime();
      lastUnitNanos = now;
      lastSeq = unit.unit().seq();
      pictures.unit(unit.unit(), now);
      pipeline.unit(unit.unit(), now);
    } else if (frame instanceof RelayFrame.DeclaredBitrate declared) {
      pipeline.declaredBitrate(declared.bitsPerSecond());
    } else if (frame instanceof RelayFrame.Dropped dropped) {
      long count = dropped.toSeq() - dropped.fromSeq() + 1;
      notice("ingest.dropped", count + " units were given up by the ingest, which was full");
      pipeline.dropped(System.nanoTime());
    } else if (frame instanceof RelayFrame.Broken) {
      link = null;
      events.accept(new EngineEvent.RelayLost(session));
      takeOver.done();
    } else if (frame instanceof RelayFrame.End) {
      sessionOpen = false;
      ended.over(link, session, lastSeq);
      link = null;
      pipeline.sessionEnded(System.nanoTime());
      events.accept(new EngineEvent.SessionOver(session));
      takeOver.done();
    }
  }

  private void notice(String code, String text) {
    events.accept(new EngineEvent.Noticed(new PipelineNotice(code, text)));
  }

  @Override
  public void stored(String rendition, long msn) {
    run(
        () -> {
          pipeline.stored(rendition, msn);
          events.accept(
              new EngineEvent.SegmentStored(rendition, msn, pipeline.state().orElse(null)));
        });
  }

  @Override
  public void durable(String rendition, long msn) {
    run(() -> pipeline.durable(rendition, msn));
  }

  private void requestTick() {
    if (tickWaiting.compareAndSet(false, true)) {
      executor.executeHere(tick);
    }
  }

  private void tick() {
    tickWaiting.set(false);
    long now = System.nanoTime();
    pipeline.tick(now);
    takeOver.tick(now);
    if (connecting && now - connectingSinceNanos > CONNECT_TIMEOUT.toNanos()) {
      onNotConnected();
    }
    if (ticks++ % TICKS_PER_STATUS == 0) {
      events.accept(new EngineEvent.StatusTaken(pipeline.status()));
    }
    if (sessionOpen && pictures.isDue(now, worker != null)) {
      worker.thumbnail();
    }
  }

  private void onNotConnected() {
    connecting = false;
    if (sessionOpen && mayComeBack) {
      events.accept(new EngineEvent.RelayLost(session));
    } else if (sessionOpen) {
      closeSession(CloseReason.REFUSED, "The ingest did not connect.");
      events.accept(new EngineEvent.SessionOver(session));
    }
  }

  @Override
  public CompletionStage<Long> cutEarly() {
    CompletableFuture<Long> boundary = new CompletableFuture<>();
    run(() -> boundary.complete(pipeline.cutEarly()));
    return boundary;
  }

  @Override
  public WorkerListener workerListener(CompletionStage<WorkerPort> port, WorkerExit onExit) {
    return new WorkerEvents(
        new WorkerEvents.Target(
            executor, workerEvents, pipeline, current -> worker = current, pictures::made),
        port,
        onExit);
  }

  @Override
  public void stop() {
    pulse.leave();
    workerEvents.close();
    executor.shutDown(this::releaseAll);
  }

  private void releaseAll() {
    shared.owners().forget(new LeaseKey(streamId, epoch, session));
    dropLink();
    ended.release();
    if (worker != null) {
      worker.end();
      worker = null;
    }
  }

  private void run(Runnable task) {
    executor.execute(task);
  }

  private void onFailure(RuntimeException error) {
    events.accept(new EngineEvent.Failed(error));
    stop();
  }

  private final class Output implements PipelineOutput {
    @Override
    public void presentation(Presentation presentation) {
      events.accept(new EngineEvent.Presented(presentation));
    }

    @Override
    public void init(String rendition, String name, byte[] bytes) {
      events.accept(new EngineEvent.InitMade(rendition, name, bytes));
    }

    @Override
    public void part(MediaPart part) {
      events.accept(new EngineEvent.PartMade(part));
    }

    @Override
    public void segment(MediaSegment segment) {
      events.accept(new EngineEvent.SegmentMade(segment));
    }

    @Override
    public void acknowledged(long ofSession, long seq) {
      if (link != null && ofSession == session) {
        link.acknowledge(seq);
      }
      ended.acknowledged(ofSession, seq);
    }

    @Override
    public void refused(String diagnosis) {
      events.accept(new EngineEvent.SessionRefused(session, diagnosis));
    }

    @Override
    public void workerNeeded() {
      events.accept(EngineEvent.WorkerNeeded.INSTANCE);
    }

    @Override
    public void notice(PipelineNotice notice) {
      events.accept(new EngineEvent.Noticed(notice));
    }
  }
}
