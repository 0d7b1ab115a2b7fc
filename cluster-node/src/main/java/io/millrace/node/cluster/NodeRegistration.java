package io.millrace.node.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Holds this node's name in the shared store, so that no other node goes by it, and learns there
 * which cluster the store belongs to. A node that starts again at its old address has its name at
 * once, one at another address when the old one has let it expire. A store that does not answer
 * keeps nobody out. One actor per node, from before it joins to its end; keeps no state.
 */
public final class NodeRegistration {

  /** What the actor is told. */
  public sealed interface Command {}

  /**
   * Frees the name; the node is about to end.
   *
   * @param replyTo is told in any case
   */
  public record Leave(ActorRef<Done> replyTo) implements Command {}

  private enum Beat implements Command {
    INSTANCE
  }

  private record Held(String holder, Throwable failure) implements Command {}

  private record Found(Optional<String> formation, Throwable failure) implements Command {}

  private record Left(ActorRef<Done> replyTo) implements Command {}

  private static final Duration EXPIRY = Duration.ofSeconds(10);
  private static final Duration INTERVAL = Duration.ofSeconds(3);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** Longer than a dead node's name lives on. */
  private static final Duration PATIENCE = EXPIRY.plusSeconds(2);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final FormationRegister register;
  private final String name;
  private final String address;
  private final Formation formation;
  private final Behavior<ClusterJoin.Command> join;
  private final Consumer<String> refused;
  private boolean registered;
  private long takenSinceNanos;
  private boolean taken;

  private NodeRegistration(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      FormationRegister register,
      String name,
      Formation formation,
      Behavior<ClusterJoin.Command> join,
      Consumer<String> refused) {
    context.setLoggerName(NodeRegistration.class);
    this.context = context;
    this.timers = timers;
    this.register = register;
    this.name = name;
    this.formation = formation;
    this.join = join;
    this.refused = refused;
    Address self = Cluster.get(context.getSystem()).selfMember().address();
    this.address = self.getHost().orElse("") + ":" + self.getPort().orElse(0);
  }

  /**
   * @param name of this node
   * @param formation gets the cluster's id
   * @param join starts once the name is this node's, or the store does not answer
   * @param refused takes the reason why this node must not be a member, for people
   */
  public static Behavior<Command> create(
      FormationRegister register,
      String name,
      Formation formation,
      Behavior<ClusterJoin.Command> join,
      Consumer<String> refused) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new NodeRegistration(context, timers, register, name, formation, join, refused)
                        .holding()));
  }

  private Behavior<Command> holding() {
    beat();
    return Behaviors.receive(Command.class)
        .onMessage(Beat.class, beat -> beat())
        .onMessage(Held.class, this::onHeld)
        .onMessage(Found.class, this::onFound)
        .onMessage(Leave.class, this::onLeave)
        .onMessage(Left.class, this::onLeft)
        .build();
  }

  private Behavior<Command> beat() {
    context.pipeToSelf(register.holdName(name, address, EXPIRY), Held::new);
    if (registered) {
      context.pipeToSelf(register.holder(), Found::new);
    }
    timers.startSingleTimer(Beat.INSTANCE, registered ? INTERVAL : AGAIN);
    return Behaviors.same();
  }

  private Behavior<Command> onHeld(Held held) {
    if (held.failure() == null && !held.holder().equals(address)) {
      onTaken(held.holder());
      return Behaviors.same();
    }
    taken = false;
    if (!registered) {
      registered = true;
      context.spawn(join, "join");
    }
    return Behaviors.same();
  }

  private void onTaken(String holder) {
    long now = System.nanoTime();
    if (!taken) {
      taken = true;
      takenSinceNanos = now;
      context.getLog().warn("the node at {} is named {} too, waiting for its end", holder, name);
    } else if (now - takenSinceNanos > PATIENCE.toNanos()) {
      timers.cancel(Beat.INSTANCE);
      refused.accept(
          "the node at "
              + holder
              + " is named "
              + name
              + " too (expected: a millrace.node-name of its own for each node)");
    }
  }

  private Behavior<Command> onFound(Found found) {
    if (found.failure() == null) {
      found.formation().ifPresent(formation::is);
    }
    return Behaviors.same();
  }

  private Behavior<Command> onLeave(Leave leave) {
    timers.cancel(Beat.INSTANCE);
    context.pipeToSelf(
        register.releaseName(name, address), (done, failure) -> new Left(leave.replyTo()));
    return Behaviors.same();
  }

  private Behavior<Command> onLeft(Left left) {
    left.replyTo().tell(Done.getInstance());
    return Behaviors.same();
  }
}
