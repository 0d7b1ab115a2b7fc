package io.millrace.node;

import io.millrace.node.cluster.ClusterSettings.Role;
import io.millrace.node.cluster.ClusterView;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.cluster.QuickDown;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.placement.LiveStreamsKeeper;
import io.millrace.node.placement.LoadGossip;
import io.millrace.node.placement.NodeLoad;
import io.millrace.node.placement.SlotKeeper;
import io.millrace.node.stream.StreamSharding;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.cluster.typed.Subscribe;

/** The actors that know where streams are and see to it that each has a place. */
final class PlacementActors {
  private static final Duration GOSSIP_INTERVAL = Duration.ofSeconds(2);
  private static final Duration KEEPER_INTERVAL = Duration.ofSeconds(5);

  private final ActorContext<?> context;
  private final NodeSettings settings;
  private final NodeMode mode;
  private final NodeParts parts;

  PlacementActors(ActorContext<?> context, NodeSettings settings, NodeMode mode, NodeParts parts) {
    this.context = context;
    this.settings = settings;
    this.mode = mode;
    this.parts = parts;
  }

  /**
   * Once sharding has started.
   *
   * @return when this node knows enough of the others to place streams; soon
   */
  CompletionStage<Done> start(NodeIdentity identity, StreamSharding sharding) {
    LoadGossip.FirstRound firstRound = firstRound();
    ActorRef<LoadGossip.Command> gossip =
        context.spawn(
            supervised(
                LoadGossip.create(
                    parts.loads(), identity, parts.ownLoad(), GOSSIP_INTERVAL, firstRound)),
            "load-gossip");
    parts.drain().tells(gossip);
    singleton(keeper(sharding), "live-streams-keeper");
    mode.formationKeeper(context.getSystem())
        .ifPresent(keeper -> singleton(keeper, "formation-keeper"));
    settings
        .cluster()
        .ifPresent(
            cluster -> {
              singleton(
                  SlotKeeper.create(
                      parts.loads(), cluster.slots(), KEEPER_INTERVAL, sharding::probe),
                  "slot-keeper");
              if (cluster.quickDown()) {
                // Where it waits for answers of the name service, nobody waits with it.
                context.spawn(
                    supervised(QuickDown.create(this::portsOf)),
                    "quick-down",
                    DispatcherSelector.blocking());
              }
            });
    return firstRound.reached();
  }

  /** Only where publishers come in, and where there may be others. */
  private LoadGossip.FirstRound firstRound() {
    boolean waits = settings.cluster().isPresent() && mode.has(Role.INGEST);
    return new LoadGossip.FirstRound(
        mode.slots(),
        waits ? new CompletableFuture<>() : CompletableFuture.completedFuture(Done.getInstance()));
  }

  private List<Endpoint> portsOf(Address address) {
    return parts.loads().all().values().stream()
        .filter(load -> load.artery().equals(address.toString()))
        .findFirst()
        .map(load -> List.of(load.data(), load.internalHttp()))
        .orElseGet(List::of);
  }

  private Behavior<LiveStreamsKeeper.Command> keeper(StreamSharding sharding) {
    ActorSystem<?> system = context.getSystem();
    ClusterView view = mode.view(system);
    LiveStreamsKeeper.Ports ports =
        new LiveStreamsKeeper.Ports(
            parts.stores().directory(), view::majorityReachable, this::ownerLives, sharding::wake);
    return Behaviors.setup(
        keeper -> {
          ActorRef<MemberRemoved> removals =
              keeper.messageAdapter(
                  MemberRemoved.class, removed -> LiveStreamsKeeper.NodeGone.INSTANCE);
          Cluster.get(system).subscriptions().tell(Subscribe.create(removals, MemberRemoved.class));
          return LiveStreamsKeeper.create(ports, KEEPER_INTERVAL);
        });
  }

  /** In mode single nobody else wakes a stream, so each round asks all. */
  private boolean ownerLives(DirectoryEntry entry) {
    NodeLoad owner = parts.loads().all().get(entry.owner());
    return settings.cluster().isPresent() && owner != null;
  }

  private <T> void singleton(Behavior<T> behavior, String name) {
    ClusterSingleton.get(context.getSystem())
        .init(
            SingletonActor.of(supervised(behavior), name)
                .withSettings(
                    ClusterSingletonSettings.create(context.getSystem())
                        .withRole(Role.ORIGIN.label())));
  }

  private static <T> Behavior<T> supervised(Behavior<T> behavior) {
    return Behaviors.supervise(behavior)
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(200), Duration.ofSeconds(5), 0.1));
  }
}
