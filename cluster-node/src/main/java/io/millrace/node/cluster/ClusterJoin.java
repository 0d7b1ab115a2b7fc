package io.millrace.node.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Brings a node into the cluster. It forms a new one only when it is the first seed node and the
 * shared store belongs to nobody, and takes the store then; while a cluster's heartbeat in the
 * store is fresh, or the store does not answer, it joins and forms none. Ends when the node is up;
 * keeps no state.
 */
public final class ClusterJoin {

  /** What the actor is told, all by itself. */
  public sealed interface Command {}

  private enum Look implements Command {
    INSTANCE
  }

  private record Looked(Optional<String> holder, Throwable failure) implements Command {}

  private record Held(String holder, Throwable failure) implements Command {}

  private record Up(SelfUp event) implements Command {}

  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** By then a node is let in by a cluster that its seed nodes know. */
  private static final int USUAL_LOOKS = 5;

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Cluster cluster;
  private final FormationRegister register;
  private final Formation formation;
  private final List<Address> seeds;
  private final List<Address> others;
  private final boolean first;

  /** Of the cluster that this start of the node may form. */
  private final String ownId;

  private List<Address> asked = List.of();
  private String said = "";
  private int looks;
  private boolean holds;

  private ClusterJoin(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      FormationRegister register,
      Formation formation,
      List<String> seedNodes) {
    context.setLoggerName(ClusterJoin.class);
    this.context = context;
    this.timers = timers;
    this.cluster = Cluster.get(context.getSystem());
    this.register = register;
    this.formation = formation;
    Member member = cluster.selfMember();
    Address self = member.address();
    this.seeds = SeedNodes.addresses(self, seedNodes);
    this.others = seeds.stream().filter(seed -> !seed.equals(self)).toList();
    this.first = seeds.get(0).equals(self);
    this.ownId = FormationKeeper.idOf(self, member.uniqueAddress().longUid());
  }

  /**
   * @param formation gets the cluster's id
   * @param seedNodes {@code host:port}, the first one may form the cluster
   */
  public static Behavior<Command> create(
      FormationRegister register, Formation formation, List<String> seedNodes) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new ClusterJoin(context, timers, register, formation, seedNodes).joining()));
  }

  private Behavior<Command> joining() {
    cluster
        .subscriptions()
        .tell(Subscribe.create(context.messageAdapter(SelfUp.class, Up::new), SelfUp.class));
    look();
    return Behaviors.receive(Command.class)
        .onMessage(Look.class, look -> look())
        .onMessage(Looked.class, this::onLooked)
        .onMessage(Held.class, this::onHeld)
        .onMessage(Up.class, this::onUp)
        .build();
  }

  private Behavior<Command> look() {
    looks++;
    context.pipeToSelf(register.holder(), Looked::new);
    timers.startSingleTimer(Look.INSTANCE, AGAIN);
    return Behaviors.same();
  }

  private Behavior<Command> onLooked(Looked looked) {
    if (looked.failure() != null) {
      joinOthers("the store does not answer (" + looked.failure().getMessage() + ")");
    } else if (looked.holder().filter(id -> !id.equals(ownId)).isPresent()) {
      onOtherCluster(looked.holder().get());
    } else if (first) {
      context.pipeToSelf(register.hold(ownId, FormationKeeper.EXPIRY), Held::new);
    } else {
      join(others);
    }
    return Behaviors.same();
  }

  private void onOtherCluster(String holder) {
    formation.is(holder);
    if (first) {
      joinOthers("the store belongs to cluster " + holder + ", which was alive a moment ago");
    } else {
      join(others);
    }
  }

  private Behavior<Command> onHeld(Held held) {
    if (ownId.equals(held.holder())) {
      holds = true;
      formation.is(ownId);
      join(seeds);
    }
    return Behaviors.same();
  }

  private void joinOthers(String why) {
    say(
        why
            + ": no second cluster is formed on one store and key prefix, joining "
            + (others.isEmpty() ? "nobody, since no other seed node is set" : others));
    join(others);
  }

  private void join(List<Address> nodes) {
    if (!nodes.isEmpty() && !nodes.equals(asked)) {
      asked = nodes;
      cluster.manager().tell(new JoinSeedNodes(nodes));
    }
  }

  private void say(String text) {
    if (looks > USUAL_LOOKS && !text.equals(said)) {
      said = text;
      context.getLog().warn("{}", text);
    }
  }

  /** A cluster that was there already, while the store had lost its id, takes the store again. */
  private Behavior<Command> onUp(Up up) {
    boolean formed = true;
    for (Member member : up.event().currentClusterState().getMembers()) {
      formed &= !member.isOlderThan(cluster.selfMember());
    }
    if (holds && !formed) {
      FormationKeeper.free(register, ownId);
    }
    return Behaviors.stopped();
  }
}
