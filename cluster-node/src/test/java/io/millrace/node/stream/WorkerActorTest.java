package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.media.worker.RungSwitch;
import io.millrace.media.worker.WorkerConfig;
import io.millrace.media.worker.WorkerPort;
import io.millrace.media.worker.WorkerUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.typed.PostStop;
import org.junit.jupiter.api.Test;

/** Workers here are started and say nothing: none of them becomes ready. */
class WorkerActorTest {
  private static final class Worker implements WorkerPort {
    private int ends;

    @Override
    public void configure(WorkerConfig config) {}

    @Override
    public void unit(WorkerUnit unit) {}

    @Override
    public void flush(int flushId) {}

    @Override
    public void rungs(List<RungSwitch> switches) {}

    @Override
    public void thumbnail() {}

    @Override
    public void end() {
      ends++;
    }

    @Override
    public long queuedMedia90k() {
      return 0;
    }
  }

  private final List<Worker> workers = new ArrayList<>();
  private final FakeEngines engines = new FakeEngines();

  private BehaviorTestKit<WorkerActor.Command> start() {
    StreamEngine engine = engines.create("cam", 1, Optional.empty(), event -> {});
    return BehaviorTestKit.create(
        WorkerActor.create(
            "cam",
            listener -> {
              Worker worker = new Worker();
              workers.add(worker);
              return worker;
            },
            engine,
            new SimpleMeterRegistry()));
  }

  @Test
  void endsAWorkerThatWasNotReadyYetWhenTheStreamStops() {
    BehaviorTestKit<WorkerActor.Command> actor = start();
    actor.signal(PostStop.instance());
    assertThat(workers).extracting(worker -> worker.ends).containsExactly(1);
  }

  @Test
  void endsNothingWhenTheWorkerHasGone() {
    BehaviorTestKit<WorkerActor.Command> actor = start();
    engines.newest().workerExit.exited(137, "killed");
    actor.runOne();
    actor.signal(PostStop.instance());
    assertThat(workers).extracting(worker -> worker.ends).containsExactly(0);
  }
}
