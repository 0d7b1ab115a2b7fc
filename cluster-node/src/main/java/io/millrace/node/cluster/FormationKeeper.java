package io.millrace.node.cluster;

import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.LoggerFactory;

/**
 * Cluster singleton that says in the shared store that this cluster lives, so that no second one
 * forms on it. A successor goes on under the id that it finds. The last node to leave frees the
 * store.
 */
public final class FormationKeeper {

  /** What the keeper is told, all by itself. */
  public sealed interface Command {}

  private enum Beat implements Command {
    INSTANCE
  }

  private record Found(Optional<String> holder, Throwable failure) implements Command {}

  private record Held(String holder, Throwable failure) implements Command {}

  /** Longer than the singleton needs to move away from a node that hangs. */
  static final Duration EXPIRY = Duration.ofSeconds(15);

  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Cluster cluster;
  private final FormationRegister register;
  private String formation;
  private String intruder = "";

  private FormationKeeper(
      ActorContext<Command> context, TimerScheduler<Command> timers, FormationRegister register) {
    context.setLoggerName(FormationKeeper.class);
    this.context = context;
    this.timers = timers;
    this.cluster = Cluster.get(context.getSystem());
    this.register = register;
  }

  public static Behavior<Command> create(FormationRegister register) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new FormationKeeper(context, timers, register).keeping()));
  }

  /** Of the cluster that this start of a node forms. */
  static String idOf(Address node, long start) {
    return node.getHost().orElse("")
        + ":"
        + node.getPort().orElse(0)
        + "#"
        + Long.toHexString(start);
  }

  private Behavior<Command> keeping() {
    beat();
    return Behaviors.receive(Command.class)
        .onMessage(Beat.class, beat -> beat())
        .onMessage(Found.class, this::onFound)
        .onMessage(Held.class, this::onHeld)
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private Behavior<Command> beat() {
    if (formation == null) {
      context.pipeToSelf(register.holder(), Found::new);
    } else {
      context.pipeToSelf(register.hold(formation, EXPIRY), Held::new);
    }
    timers.startSingleTimer(Beat.INSTANCE, INTERVAL);
    return Behaviors.same();
  }

  private Behavior<Command> onFound(Found found) {
    if (found.failure() == null) {
      Member self = cluster.selfMember();
      formation =
          found.holder().orElseGet(() -> idOf(self.address(), self.uniqueAddress().longUid()));
      context.getLog().info("cluster {} is kept from here", formation);
      context.pipeToSelf(register.hold(formation, EXPIRY), Held::new);
    }
    return Behaviors.same();
  }

  private Behavior<Command> onHeld(Held held) {
    boolean foreign = held.failure() == null && !formation.equals(held.holder());
    if (foreign && !intruder.equals(held.holder())) {
      intruder = held.holder();
      context
          .getLog()
          .error(
              "cluster {} has formed on the store of this cluster {}: stop one of them, or give it"
                  + " another Redis or millrace.redis.key-prefix",
              held.holder(),
              formation);
    }
    return Behaviors.same();
  }

  private Behavior<Command> onPostStop() {
    var state = cluster.state();
    boolean last = true;
    for (Member member : state.getMembers()) {
      last &= member.uniqueAddress().equals(cluster.selfMember().uniqueAddress());
    }
    if (last && formation != null) {
      free(register, formation);
    }
    return Behaviors.same();
  }

  /** Frees the store for the next cluster; without an answer it is free when the hold expires. */
  static void free(FormationRegister register, String formation) {
    register
        .release(formation)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LoggerFactory.getLogger(FormationKeeper.class)
                    .info("the store stays held for {}: {}", EXPIRY, failure.toString());
              }
            });
  }
}
