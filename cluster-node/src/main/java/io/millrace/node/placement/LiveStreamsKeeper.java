package io.millrace.node.placement;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Cluster singleton that wakes the streams of the directory that should have a living owner, since
 * shards do not remember their entities: at start, when a node has gone, periodically. Most rounds
 * wake only streams whose owner is not among the living nodes; every few rounds all, for an owner
 * that lives but has lost the stream. A wake to a living entity changes nothing. Keeps no state.
 */
public final class LiveStreamsKeeper {

  /** What the keeper is told. */
  public sealed interface Command {}

  /** A node has gone: look at once. */
  public enum NodeGone implements Command {
    INSTANCE
  }

  private enum Tick implements Command {
    INSTANCE
  }

  private record Listed(boolean all, List<DirectoryEntry> entries, Throwable failure)
      implements Command {}

  /**
   * What the keeper needs of the node.
   *
   * @param mayWake false while this side of the cluster is not the majority
   * @param ownerLives whether the entry's owner is among the living nodes
   * @param wake sends a wake to the stream's entity through sharding
   */
  public record Ports(
      StreamDirectory directory,
      BooleanSupplier mayWake,
      Predicate<DirectoryEntry> ownerLives,
      Consumer<DirectoryEntry> wake) {}

  private static final int ROUNDS_PER_FULL = 6;

  private final ActorContext<Command> context;
  private final Ports ports;
  private int round;

  private LiveStreamsKeeper(ActorContext<Command> context, Ports ports) {
    this.context = context;
    this.ports = ports;
  }

  /**
   * @param interval between two rounds
   */
  public static Behavior<Command> create(Ports ports, Duration interval) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.INSTANCE, Duration.ZERO, interval);
                  return new LiveStreamsKeeper(context, ports).running();
                }));
  }

  private Behavior<Command> running() {
    return Behaviors.receive(Command.class)
        .onMessage(Tick.class, tick -> look(round++ % ROUNDS_PER_FULL == 0))
        .onMessage(NodeGone.class, gone -> look(false))
        .onMessage(Listed.class, this::onListed)
        .build();
  }

  private Behavior<Command> look(boolean all) {
    if (ports.mayWake().getAsBoolean()) {
      context.pipeToSelf(
          ports.directory().all(), (entries, failure) -> new Listed(all, entries, failure));
    }
    return Behaviors.same();
  }

  private Behavior<Command> onListed(Listed listed) {
    if (listed.failure() != null) {
      context.getLog().warn("stream directory cannot be read: {}", listed.failure().toString());
      return Behaviors.same();
    }
    listed.entries().stream()
        .filter(entry -> listed.all() || !ports.ownerLives().test(entry))
        .forEach(ports.wake());
    return Behaviors.same();
  }
}
