package io.millrace.node.placement;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Cluster singleton that wakes every stream of the directory that should have a living owner: at
 * start and periodically, since shards do not remember their entities. A wake to a living entity
 * changes nothing. Keeps no state.
 */
public final class LiveStreamsKeeper {

  /** What the keeper is told, all by itself. */
  public sealed interface Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  private record Listed(List<DirectoryEntry> entries, Throwable failure) implements Command {}

  private final ActorContext<Command> context;
  private final StreamDirectory directory;
  private final Consumer<DirectoryEntry> wake;

  private LiveStreamsKeeper(
      ActorContext<Command> context, StreamDirectory directory, Consumer<DirectoryEntry> wake) {
    this.context = context;
    this.directory = directory;
    this.wake = wake;
  }

  /**
   * @param wake sends a wake to the stream's entity through sharding
   */
  public static Behavior<Command> create(
      StreamDirectory directory, Duration interval, Consumer<DirectoryEntry> wake) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.INSTANCE, Duration.ZERO, interval);
                  return new LiveStreamsKeeper(context, directory, wake).running();
                }));
  }

  private Behavior<Command> running() {
    return Behaviors.receive(Command.class)
        .onMessage(Tick.class, tick -> onTick())
        .onMessage(Listed.class, this::onListed)
        .build();
  }

  private Behavior<Command> onTick() {
    context.pipeToSelf(directory.all(), Listed::new);
    return Behaviors.same();
  }

  private Behavior<Command> onListed(Listed listed) {
    if (listed.failure() != null) {
      context.getLog().warn("stream directory cannot be read: {}", listed.failure().toString());
      return Behaviors.same();
    }
    listed.entries().forEach(wake);
    return Behaviors.same();
  }
}
