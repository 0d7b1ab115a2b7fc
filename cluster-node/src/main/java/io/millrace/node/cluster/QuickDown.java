package io.millrace.node.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.ClusterEvent.ReachabilityEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Takes killed processes out of the cluster without waiting for the failure detector's margins: a
 * refused connection proves that nobody listens there. Acts only when every unreachable member
 * refuses on all its private ports, twice, and the members that are left and accept connections are
 * more than half: of two that died together the detector notices one first, and the other is no
 * vote for going on. A host that does not answer at all is left to the split-brain resolver. One
 * actor per node, on a dispatcher for work that blocks, as it looks up members that are named by
 * host names; keeps no state beyond the round that runs.
 */
public final class QuickDown {

  /** The cluster as this actor sees it and acts on it. */
  interface Membership {
    Address self();

    CurrentClusterState state();

    void subscribe(ActorRef<ReachabilityEvent> listener);

    void down(Address member);

    static Membership of(ActorSystem<?> system) {
      Cluster cluster = Cluster.get(system);
      return new Membership() {
        @Override
        public Address self() {
          return cluster.selfMember().address();
        }

        @Override
        public CurrentClusterState state() {
          return cluster.state();
        }

        @Override
        public void subscribe(ActorRef<ReachabilityEvent> listener) {
          cluster.subscriptions().tell(Subscribe.create(listener, ReachabilityEvent.class));
        }

        @Override
        public void down(Address member) {
          cluster.manager().tell(new Down(member));
        }
      };
    }
  }

  /** What the actor is told, all by itself. */
  public sealed interface Command {}

  private record Changed(ReachabilityEvent event) implements Command {}

  private enum Again implements Command {
    INSTANCE
  }

  private record NextRound(Set<Member> suspects, int round) implements Command {}

  private record Probed(Set<Member> suspects, int round, Proof proof) implements Command {}

  /**
   * @param refused whether all ports of all suspects did
   * @param living members that are left and accept connections, this one among them
   */
  private record Proof(boolean refused, long living) {}

  private static final Proof NO_PROOF = new Proof(false, 0);
  private static final int ROUNDS = 2;
  private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(100);

  /** The cluster's state follows its events a moment later. */
  private static final Duration SETTLE = Duration.ofMillis(50);

  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration ANSWER = Duration.ofMillis(400);
  private static final Set<MemberStatus> VOTING = Set.of(MemberStatus.up(), MemberStatus.leaving());

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Membership membership;
  private final Function<Address, List<Endpoint>> ports;
  private boolean probing;

  private QuickDown(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Membership membership,
      Function<Address, List<Endpoint>> ports) {
    this.context = context;
    context.setLoggerName(QuickDown.class);
    this.timers = timers;
    this.membership = membership;
    this.ports = ports;
  }

  /**
   * @param ports private listeners of a member beside its own address, as far as known
   */
  public static Behavior<Command> create(Function<Address, List<Endpoint>> ports) {
    return Behaviors.setup(context -> create(Membership.of(context.getSystem()), ports));
  }

  static Behavior<Command> create(Membership membership, Function<Address, List<Endpoint>> ports) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new QuickDown(context, timers, membership, ports).running()));
  }

  private Behavior<Command> running() {
    membership.subscribe(context.messageAdapter(ReachabilityEvent.class, Changed::new));
    return Behaviors.receive(Command.class)
        .onMessage(Changed.class, changed -> lookAfter(SETTLE))
        .onMessage(Again.class, again -> look())
        .onMessage(NextRound.class, this::onNextRound)
        .onMessage(Probed.class, this::onProbed)
        .build();
  }

  private Behavior<Command> lookAfter(Duration delay) {
    timers.startSingleTimer(Again.INSTANCE, delay);
    return Behaviors.same();
  }

  private Behavior<Command> look() {
    Set<Member> suspects = membership.state().getUnreachable();
    if (suspects.isEmpty() || probing) {
      return Behaviors.same();
    }
    if (!majorityWithout(suspects)) {
      return lookAfter(RETRY);
    }
    probe(Set.copyOf(suspects), 1);
    return Behaviors.same();
  }

  private boolean majorityWithout(Set<Member> suspects) {
    return isMajority(leftWithout(suspects).size());
  }

  private boolean isMajority(long members) {
    return 2 * members > voting().size();
  }

  private List<Member> leftWithout(Set<Member> suspects) {
    return voting().stream().filter(member -> !suspects.contains(member)).toList();
  }

  private List<Member> voting() {
    List<Member> voting = new ArrayList<>();
    membership.state().getMembers().forEach(voting::add);
    voting.removeIf(member -> !VOTING.contains(member.status()));
    return voting;
  }

  private void probe(Set<Member> suspects, int round) {
    probing = true;
    CompletableFuture<Proof> proof = refuse(suspects).thenCombine(living(suspects), Proof::new);
    context.pipeToSelf(
        proof, (found, failure) -> new Probed(suspects, round, found == null ? NO_PROOF : found));
  }

  private CompletableFuture<Boolean> refuse(Set<Member> suspects) {
    return ask(suspects.stream().flatMap(suspect -> portsOf(suspect.address()).stream()))
        .thenApply(answers -> answers.stream().allMatch(PortProbe.Answer.REFUSED::equals));
  }

  private CompletableFuture<Long> living(Set<Member> suspects) {
    List<Address> left = leftWithout(suspects).stream().map(Member::address).toList();
    Address self = membership.self();
    int own = left.contains(self) ? 1 : 0;
    return ask(left.stream().filter(address -> !address.equals(self)).map(QuickDown::arteryOf))
        .thenApply(
            answers -> own + answers.stream().filter(PortProbe.Answer.ACCEPTED::equals).count());
  }

  private static CompletableFuture<List<PortProbe.Answer>> ask(Stream<Endpoint> ports) {
    List<CompletableFuture<PortProbe.Answer>> answers =
        ports.map(port -> PortProbe.ask(port, ANSWER)).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
  }

  private Set<Endpoint> portsOf(Address address) {
    Set<Endpoint> all = new HashSet<>(ports.apply(address));
    all.add(arteryOf(address));
    all.removeIf(port -> !port.isPresent());
    return all;
  }

  private static Endpoint arteryOf(Address address) {
    return new Endpoint(address.getHost().get(), address.getPort().get());
  }

  private Behavior<Command> onProbed(Probed probed) {
    probing = false;
    Set<Member> now = membership.state().getUnreachable();
    Proof proof = probed.proof();
    if (!proof.refused() || !isMajority(proof.living()) || !now.equals(probed.suspects())) {
      return lookAfter(RETRY);
    }
    if (probed.round() < ROUNDS) {
      probing = true;
      context.scheduleOnce(
          BETWEEN_ROUNDS, context.getSelf(), new NextRound(probed.suspects(), probed.round() + 1));
    } else {
      down(now);
      return lookAfter(RETRY);
    }
    return Behaviors.same();
  }

  private Behavior<Command> onNextRound(NextRound next) {
    probe(next.suspects(), next.round());
    return Behaviors.same();
  }

  private void down(Set<Member> gone) {
    for (Member member : gone) {
      context.getLog().warn("{} refuses connections: taken out", member.address());
      membership.down(member.address());
    }
  }
}
