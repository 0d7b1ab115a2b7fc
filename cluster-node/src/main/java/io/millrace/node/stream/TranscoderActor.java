package io.millrace.node.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.media.MediaSegment;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.store.FencedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One quality of a stream: takes what was made of it, stores it in order, and reports what is
 * stored. The newest init segment is stored again and again where objects expire: segments of any
 * age go with it. A store that fails is tried again. What waits is bounded: what has waited so long
 * that it left every playlist is given up, and more when the node has no room for it. Fails when
 * the stream has another owner.
 */
final class TranscoderActor {

  /** What a quality is told. */
  sealed interface Command {}

  record StoreInit(String name, byte[] bytes) implements Command {}

  record StoreSegment(MediaSegment segment) implements Command {}

  private record Written(Throwable failure) implements Command {}

  private enum Retry implements Command {
    INSTANCE
  }

  /** The store does not take what is being written. */
  private enum Doubt implements Command {
    INSTANCE
  }

  private enum Renew implements Command {
    INSTANCE
  }

  /** What it reports, in order; called on its own thread. */
  interface Reports {
    void stored(long msn);

    /** The store does not answer: this segment should be shown from memory. */
    void waiting(MediaSegment segment);
  }

  /**
   * @param doubt time without success after which what waits is reported as waiting
   * @param patience media time that may wait
   * @param waiting what all streams of the node have waiting
   */
  record Place(
      String streamId,
      long epoch,
      String rendition,
      SegmentStore store,
      Duration doubt,
      Duration patience,
      WaitingBytes waiting,
      Reports reports) {}

  private record Job(String name, byte[] bytes, MediaSegment segment) {
    double seconds() {
      return segment == null ? 0 : segment.ref().durationSeconds();
    }
  }

  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Place place;
  private final Timer lag;
  private final Counter failures;
  private final Counter gaps;
  private final Counter written;
  private final Counter writtenBytes;
  private final Deque<Job> jobs = new ArrayDeque<>();
  private Job newestInit;
  private Job writing;
  private Duration retry = FIRST_RETRY;
  private boolean failing;
  private boolean doubtReported;
  private boolean givenUp;

  private TranscoderActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Place place,
      MeterRegistry registry) {
    this.context = context;
    this.timers = timers;
    this.place = place;
    this.lag =
        Timer.builder("millrace.segment.lag")
            .description("Segment finished minus segment captured")
            .tag("rendition", place.rendition())
            .register(registry);
    this.failures =
        Counter.builder("millrace.store.failures")
            .description("Writes of segments that failed and were tried again")
            .register(registry);
    this.gaps =
        Counter.builder("millrace.segment.gaps")
            .description("Segments that are gaps")
            .tag("rendition", place.rendition())
            .register(registry);
    this.written =
        Counter.builder("millrace.segments.written")
            .description("Segments written to the store")
            .tag("rendition", place.rendition())
            .register(registry);
    this.writtenBytes =
        Counter.builder("millrace.segments.written.bytes")
            .description("Their size")
            .tag("rendition", place.rendition())
            .register(registry);
  }

  static Behavior<Command> create(Place place, MeterRegistry registry) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  place
                      .store()
                      .renewal()
                      .ifPresent(i -> timers.startTimerWithFixedDelay(Renew.INSTANCE, i));
                  return new TranscoderActor(context, timers, place, registry).running();
                }));
  }

  private Behavior<Command> running() {
    return Behaviors.receive(Command.class)
        .onMessage(StoreInit.class, this::onStoreInit)
        .onMessage(StoreSegment.class, this::onStoreSegment)
        .onMessage(Written.class, this::onWritten)
        .onMessage(Retry.class, r -> onRetry())
        .onMessage(Doubt.class, d -> onDoubt())
        .onMessage(Renew.class, r -> onRenew())
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private Behavior<Command> onStoreInit(StoreInit init) {
    newestInit = new Job(init.name(), init.bytes(), null);
    return onStore(newestInit);
  }

  private Behavior<Command> onRenew() {
    boolean due = newestInit != null && !jobs.contains(newestInit);
    return due ? onStore(newestInit) : Behaviors.same();
  }

  private Behavior<Command> onStoreSegment(StoreSegment command) {
    MediaSegment segment = command.segment();
    lag.record(Duration.ofNanos(Math.max(0, System.nanoTime() - segment.capturedAtNanos())));
    if (segment.ref().gap()) {
      gaps.increment();
    }
    if (doubtReported) {
      place.reports().waiting(segment);
    }
    return onStore(new Job(segment.ref().name(), segment.bytes(), segment));
  }

  private Behavior<Command> onStore(Job job) {
    jobs.addLast(job);
    place.waiting().add(job.bytes().length);
    giveUp();
    writeNext();
    return Behaviors.same();
  }

  /**
   * The oldest first, the one that is being written too. The newest init segment is not given up.
   */
  private void giveUp() {
    for (Iterator<Job> oldest = jobs.iterator(); isTooMuch() && oldest.hasNext(); ) {
      Job job = oldest.next();
      if (!job.equals(newestInit)) {
        oldest.remove();
        place.waiting().remove(job.bytes().length);
        logGivenUp(job);
        report(job);
      }
    }
  }

  /** Once until the store takes something again. */
  private void logGivenUp(Job job) {
    if (!givenUp) {
      givenUp = true;
      context
          .getLog()
          .warn(
              "{}/{}: {} and what follows is not stored, too much waits for the store",
              place.streamId(),
              place.rendition(),
              job.name());
    }
  }

  private boolean isTooMuch() {
    double seconds = jobs.stream().mapToDouble(Job::seconds).sum();
    return seconds * 1000 > place.patience().toMillis() || place.waiting().isOver();
  }

  private void writeNext() {
    while (writing == null && !timers.isTimerActive(Retry.INSTANCE) && !jobs.isEmpty()) {
      Job job = jobs.peekFirst();
      if (job.bytes().length == 0) {
        report(jobs.removeFirst());
      } else {
        writing = job;
        expectSuccess();
        CompletionStage<Void> written =
            place
                .store()
                .put(place.streamId(), place.epoch(), place.rendition(), job.name(), job.bytes());
        context.pipeToSelf(written, (done, failure) -> new Written(failure));
      }
    }
  }

  /** From the first attempt on, whether it fails or hangs. */
  private void expectSuccess() {
    if (!doubtReported && !timers.isTimerActive(Doubt.INSTANCE)) {
      timers.startSingleTimer(Doubt.INSTANCE, place.doubt());
    }
  }

  private Behavior<Command> onDoubt() {
    doubtReported = true;
    Consumer<MediaSegment> waiting = place.reports()::waiting;
    jobs.stream().filter(j -> j.segment() != null).map(Job::segment).forEach(waiting);
    return Behaviors.same();
  }

  private Behavior<Command> onWritten(Written result) {
    Job job = writing;
    writing = null;
    if (result.failure() == null) {
      failing = false;
      timers.cancel(Doubt.INSTANCE);
      doubtReported = false;
      givenUp = false;
      retry = FIRST_RETRY;
      if (job.equals(jobs.peekFirst())) {
        jobs.removeFirst();
        place.waiting().remove(job.bytes().length);
        onDone(job);
      }
      writeNext();
    } else {
      onFailedWrite(result.failure());
    }
    return Behaviors.same();
  }

  private void onDone(Job job) {
    if (job.segment() != null) {
      written.increment();
      writtenBytes.increment(job.bytes().length);
    }
    report(job);
  }

  private void onFailedWrite(Throwable failure) {
    if (FencedException.isCauseOf(failure)) {
      throw new FencedException(
          "segments of " + place.streamId() + "/" + place.rendition() + " are refused", failure);
    }
    failures.increment();
    if (!failing) {
      failing = true;
      context
          .getLog()
          .warn(
              "segment store fails for {}/{}, trying again: {}",
              place.streamId(),
              place.rendition(),
              failure.toString());
    }
    timers.startSingleTimer(Retry.INSTANCE, retry);
    Duration doubled = retry.multipliedBy(2);
    retry = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
  }

  private Behavior<Command> onRetry() {
    timers.cancel(Retry.INSTANCE);
    writeNext();
    return Behaviors.same();
  }

  private Behavior<Command> onPostStop() {
    place.waiting().remove(jobs.stream().mapToLong(job -> job.bytes().length).sum());
    return Behaviors.same();
  }

  private void report(Job job) {
    if (job.segment() != null) {
      place.reports().stored(job.segment().ref().msn());
    }
  }
}
