package io.millrace.node.placement;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Notes in the shared directory, every few seconds, what people want to read of the streams that
 * this node owns. The next round starts when the last is written. One per node; keeps no state.
 */
public final class DirectoryScribe {

  /** What the scribe is told, all by itself. */
  public sealed interface Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  private record Written(Throwable failure) implements Command {}

  private final ActorContext<Command> context;
  private final StreamDirectory directory;
  private final Supplier<Collection<StreamDescription>> streams;
  private boolean writing;

  private DirectoryScribe(
      ActorContext<Command> context,
      StreamDirectory directory,
      Supplier<Collection<StreamDescription>> streams) {
    this.context = context;
    this.directory = directory;
    this.streams = streams;
  }

  /**
   * @param streams those that this node owns now; thread-safe
   */
  public static Behavior<Command> create(
      StreamDirectory directory,
      Duration interval,
      Supplier<Collection<StreamDescription>> streams) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.INSTANCE, interval);
                  return new DirectoryScribe(context, directory, streams).running();
                }));
  }

  private Behavior<Command> running() {
    return Behaviors.receive(Command.class)
        .onMessage(Tick.class, tick -> onTick())
        .onMessage(Written.class, this::onWritten)
        .build();
  }

  private Behavior<Command> onTick() {
    if (!writing) {
      writing = true;
      CompletionStage<Void> all = CompletableFuture.completedStage(null);
      for (StreamDescription stream : streams.get()) {
        all = all.thenCombine(directory.describe(stream), (a, b) -> null);
      }
      context.pipeToSelf(all, (done, failure) -> new Written(failure));
    }
    return Behaviors.same();
  }

  private Behavior<Command> onWritten(Written written) {
    writing = false;
    if (written.failure() != null) {
      context.getLog().debug("stream directory is not written: {}", written.failure().toString());
    }
    return Behaviors.same();
  }
}
