package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.segment.PipelineState;
import io.millrace.media.worker.WorkerListener;
import io.millrace.media.worker.WorkerPort;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;

/** Media sides that record what they are told and say what a test wants. */
final class FakeEngines implements StreamEngineFactory {
  private final List<FakeEngine> made = new CopyOnWriteArrayList<>();

  @Override
  public StreamEngine create(
      String streamId,
      long epoch,
      Optional<PipelineState> recovered,
      Consumer<EngineEvent> events) {
    FakeEngine engine = new FakeEngine(epoch, recovered, events);
    made.add(engine);
    return engine;
  }

  int count() {
    return made.size();
  }

  FakeEngine newest() {
    return made.get(made.size() - 1);
  }

  static final class FakeEngine implements StreamEngine {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final Optional<PipelineState> recovered;
    private final long epoch;
    private final Consumer<EngineEvent> events;
    volatile long boundary;
    volatile WorkerExit workerExit;
    private volatile long lastUnitNanos = System.nanoTime();

    private FakeEngine(
        long epoch, Optional<PipelineState> recovered, Consumer<EngineEvent> events) {
      this.epoch = epoch;
      this.recovered = recovered;
      this.events = events;
    }

    void tell(EngineEvent event) {
      events.accept(event);
    }

    void makeSegment(long msn) {
      tell(new EngineEvent.Presented(StreamSamples.presentation()));
      tell(new EngineEvent.InitMade("source", "init-0.mp4", new byte[] {9}));
      tell(new EngineEvent.SegmentMade(StreamSamples.segment(epoch, msn)));
    }

    void silence(Duration duration) {
      lastUnitNanos = System.nanoTime() - duration.toNanos();
    }

    void awaitCall(TestProbe<?> probe, String call) {
      probe.awaitAssert(
          Duration.ofSeconds(10),
          () -> {
            assertThat(calls).contains(call);
            return null;
          });
    }

    @Override
    public CompletionStage<Long> startSession(long session, boolean resumed) {
      calls.add((resumed ? "resume " : "start ") + session);
      return CompletableFuture.completedFuture(0L);
    }

    @Override
    public void endSession(CloseReason reason, String text) {
      calls.add("end " + reason);
    }

    @Override
    public CompletionStage<Long> cutEarly() {
      calls.add("cut");
      return CompletableFuture.completedFuture(boundary);
    }

    @Override
    public long lastUnitNanos() {
      return lastUnitNanos;
    }

    @Override
    public void stored(String rendition, long msn) {
      calls.add("stored " + rendition + " " + msn);
      tell(new EngineEvent.SegmentStored(rendition, msn, StreamSamples.pipelineState(msn + 1)));
    }

    @Override
    public void durable(String rendition, long msn) {
      calls.add("durable " + rendition + " " + msn);
    }

    @Override
    public WorkerListener workerListener(CompletionStage<WorkerPort> port, WorkerExit onExit) {
      workerExit = onExit;
      return null; // a test's workers tell nothing else
    }

    @Override
    public void stop() {
      calls.add("stop");
    }
  }
}
