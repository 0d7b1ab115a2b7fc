package io.millrace.node.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.media.worker.WorkerPort;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Keeps one worker running for a stream: starts one, and another at once when it dies; a stream
 * that kills worker after worker waits longer each time. Its worker ends with it.
 */
final class WorkerActor {

  /** What the keeper of the worker is told. */
  sealed interface Command {}

  private record Exited(int exitCode, String cause) implements Command {}

  private enum Start implements Command {
    INSTANCE
  }

  /** A worker that lived this long was not killed by what it was fed. */
  private static final Duration HEALTHY = Duration.ofSeconds(30);

  private static final int FREE_RESTARTS = 2;
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration LAST_BACKOFF = Duration.ofSeconds(60);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final String streamId;
  private final WorkerSource source;
  private final StreamEngine engine;
  private final Counter restarts;
  private Optional<WorkerPort> worker = Optional.empty();
  private int earlyDeaths;
  private long startedAtNanos;

  private WorkerActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      String streamId,
      WorkerSource source,
      StreamEngine engine,
      MeterRegistry registry) {
    this.context = context;
    this.timers = timers;
    this.streamId = streamId;
    this.source = source;
    this.engine = engine;
    this.restarts =
        Counter.builder("millrace.worker.restarts")
            .description("Workers that were started in place of one that died")
            .register(registry);
  }

  static Behavior<Command> create(
      String streamId, WorkerSource source, StreamEngine engine, MeterRegistry registry) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  WorkerActor actor =
                      new WorkerActor(context, timers, streamId, source, engine, registry);
                  actor.start();
                  return actor.running();
                }));
  }

  private Behavior<Command> running() {
    return Behaviors.receive(Command.class)
        .onMessage(Start.class, start -> onStart())
        .onMessage(Exited.class, this::onExited)
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private void start() {
    startedAtNanos = System.nanoTime();
    var self = context.getSelf();
    CompletableFuture<WorkerPort> port = new CompletableFuture<>();
    WorkerPort started =
        source.start(
            engine.workerListener(port, (code, cause) -> self.tell(new Exited(code, cause))));
    worker = Optional.of(started);
    port.complete(started);
  }

  private Behavior<Command> onStart() {
    restarts.increment();
    start();
    return Behaviors.same();
  }

  private Behavior<Command> onExited(Exited exited) {
    worker = Optional.empty();
    boolean early = System.nanoTime() - startedAtNanos < HEALTHY.toNanos();
    earlyDeaths = early ? earlyDeaths + 1 : 0;
    Duration wait = backoff();
    context
        .getLog()
        .warn(
            "worker of stream {} is gone (exit code {}: {}), next one in {} ms",
            streamId,
            exited.exitCode(),
            exited.cause(),
            wait.toMillis());
    timers.startSingleTimer(Start.INSTANCE, wait);
    return Behaviors.same();
  }

  /** The engine ends a worker that it has; this one may not have become ready yet. */
  private Behavior<Command> onPostStop() {
    worker.ifPresent(WorkerPort::end);
    return Behaviors.same();
  }

  private Duration backoff() {
    int doublings = earlyDeaths - FREE_RESTARTS;
    if (doublings <= 0) {
      return Duration.ZERO;
    }
    Duration wait = FIRST_BACKOFF.multipliedBy(1L << Math.min(doublings - 1, 10));
    return wait.compareTo(LAST_BACKOFF) > 0 ? LAST_BACKOFF : wait;
  }
}
