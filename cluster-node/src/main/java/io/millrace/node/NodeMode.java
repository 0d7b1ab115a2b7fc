package io.millrace.node;

import io.millrace.http.InternalClient;
import io.millrace.http.InternalServer;
import io.millrace.http.InternalToken;
import io.millrace.http.StreamsPort;
import io.millrace.node.cluster.ClusterJoin;
import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.cluster.ClusterSettings.Role;
import io.millrace.node.cluster.ClusterView;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.cluster.Formation;
import io.millrace.node.cluster.FormationKeeper;
import io.millrace.node.cluster.FormationRegister;
import io.millrace.node.cluster.MembershipView;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.cluster.NodeRegistration;
import io.millrace.node.edge.ClusterStreams;
import io.millrace.node.edge.EdgeFollowers;
import io.millrace.node.edge.InternalHttp;
import io.millrace.node.edge.NodeStreams;
import io.millrace.node.placement.NodeLoads;
import io.millrace.node.placement.OwnerPlacement;
import io.millrace.node.placement.Placement;
import io.millrace.node.placement.Slot;
import io.millrace.node.store.NodeStores;
import io.millrace.node.store.redis.RedisFormation;
import io.millrace.node.store.redis.RedisStores;
import io.millrace.node.stream.StreamSettings;
import io.millrace.node.stream.StreamSharding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/**
 * Everything in which a node of a cluster differs from a single one: stores, private listeners, how
 * it joins, what it does. The rest of the node is the same in both modes.
 */
sealed interface NodeMode {

  static NodeMode of(NodeSettings settings) {
    return settings
        .cluster()
        .<NodeMode>map(cluster -> new Clustered(settings, cluster))
        .orElseGet(() -> new Single(settings));
  }

  /** {@code single} or {@code cluster}, for people. */
  String label();

  CompletionStage<NodeStores> openStores(ActorSystem<?> system);

  /** Binds what only other nodes use, before they learn of this one. */
  CompletionStage<NodeIdentity> listen(ActorSystem<?> system, NodeParts parts);

  /** The control API's streams; from now on viewers here may watch what other nodes own. */
  StreamsPort serve(ActorContext<?> context, NodeParts parts, StreamSharding sharding);

  /**
   * Starts to join; the membership tells when the node is up.
   *
   * @param formation gets the cluster's id
   * @param refused takes the reason why this node must not be a member, for people
   */
  void join(ActorContext<?> context, Formation formation, Consumer<String> refused);

  /** What all nodes of a cluster must have alike, as this one has it, for people. */
  String agreement();

  /** Who sees to it that no second cluster forms on the same store. */
  Optional<Behavior<FormationKeeper.Command>> formationKeeper(ActorSystem<?> system);

  ClusterView view(ActorSystem<?> system);

  boolean has(Role role);

  /** Of the whole cluster. */
  int slots();

  /** Where new streams go. */
  Placement placement(NodeLoads loads);

  /** One node with its files. */
  record Single(NodeSettings settings) implements NodeMode {

    @Override
    public String label() {
      return "single";
    }

    @Override
    public CompletionStage<NodeStores> openStores(ActorSystem<?> system) {
      Executor executor =
          system
              .dispatchers()
              .lookup(DispatcherSelector.fromConfig("millrace-runtime.store-dispatcher"));
      return CompletableFuture.supplyAsync(() -> files(executor), executor);
    }

    private NodeStores files(Executor executor) {
      try {
        return NodeStores.files(settings.store(), executor);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public CompletionStage<NodeIdentity> listen(ActorSystem<?> system, NodeParts parts) {
      return CompletableFuture.completedFuture(NodeIdentity.single(settings.nodeName()));
    }

    @Override
    public StreamsPort serve(ActorContext<?> context, NodeParts parts, StreamSharding sharding) {
      return new NodeStreams(parts.ownedStreams(), sharding::kick);
    }

    @Override
    public String agreement() {
      return "millrace.mode = single";
    }

    @Override
    public void join(ActorContext<?> context, Formation formation, Consumer<String> refused) {
      Cluster cluster = Cluster.get(context.getSystem());
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }

    @Override
    public Optional<Behavior<FormationKeeper.Command>> formationKeeper(ActorSystem<?> system) {
      return Optional.empty();
    }

    @Override
    public ClusterView view(ActorSystem<?> system) {
      return ClusterView.single();
    }

    @Override
    public boolean has(Role role) {
      return true;
    }

    @Override
    public int slots() {
      return Slot.DEFAULT_COUNT;
    }

    @Override
    public Placement placement(NodeLoads loads) {
      return Placement.byName(Slot.DEFAULT_COUNT);
    }
  }

  /** One of several nodes around a shared store. */
  record Clustered(NodeSettings settings, ClusterSettings cluster) implements NodeMode {
    private static final Duration OBJECT_EXPIRY_MARGIN = Duration.ofMinutes(5);
    private static final Duration FORGOTTEN_EXPIRY = Duration.ofHours(1);

    @Override
    public String label() {
      return "cluster";
    }

    @Override
    public CompletionStage<NodeStores> openStores(ActorSystem<?> system) {
      return CompletableFuture.completedFuture(
          RedisStores.open(system, objectExpiry(settings.stream()), FORGOTTEN_EXPIRY).nodeStores());
    }

    /** Longer than any playlist lists a segment, its owner dies included. */
    private static Duration objectExpiry(StreamSettings stream) {
      return stream
          .window()
          .window()
          .multipliedBy(3)
          .plus(stream.reconnectGrace())
          .plus(stream.retention())
          .plus(OBJECT_EXPIRY_MARGIN);
    }

    @Override
    public CompletionStage<NodeIdentity> listen(ActorSystem<?> system, NodeParts parts) {
      Endpoint data;
      try {
        data = parts.openDataPort(cluster);
      } catch (IOException e) {
        return CompletableFuture.failedFuture(e);
      }
      String host = cluster.privateHost();
      return InternalServer.start(
              system,
              host,
              cluster.internalHttpPort(),
              InternalToken.of(cluster.secret()),
              InternalHttp.serve(parts.edge(), parts.ownedStreams()))
          .thenApply(
              http -> {
                NodeShutdown.stopsInternalHttp(system, http);
                return new NodeIdentity(
                    settings.nodeName(), data, new Endpoint(host, http.address().getPort()));
              });
    }

    @Override
    public StreamsPort serve(ActorContext<?> context, NodeParts parts, StreamSharding sharding) {
      InternalClient client =
          new InternalClient(context.getSystem(), InternalToken.of(cluster.secret()));
      parts.edge().readObjectsFrom(InternalHttp.objects(client));
      parts
          .edge()
          .followBy(
              context.spawn(
                  EdgeFollowers.create(parts.edge(), sharding, settings.nodeName()), "edge"));
      return new ClusterStreams(
          parts.ownedStreams(),
          sharding::kick,
          InternalHttp.reader(client),
          () -> InternalHttp.others(parts.loads().all(), settings.nodeName()));
    }

    @Override
    public String agreement() {
      return "millrace.mode = cluster, millrace.cluster.slots = "
          + cluster.slots()
          + ", millrace.redis.key-prefix = "
          + cluster.redis().keyPrefix();
    }

    @Override
    public void join(ActorContext<?> context, Formation formation, Consumer<String> refused) {
      FormationRegister register = RedisFormation.open(context.getSystem());
      ActorRef<NodeRegistration.Command> registration =
          context.spawn(
              NodeRegistration.create(
                  register,
                  settings.nodeName(),
                  formation,
                  ClusterJoin.create(register, formation, cluster.seedNodes()),
                  refused),
              "node-registration");
      NodeShutdown.frees(context.getSystem(), registration);
    }

    @Override
    public Optional<Behavior<FormationKeeper.Command>> formationKeeper(ActorSystem<?> system) {
      return Optional.of(FormationKeeper.create(RedisFormation.open(system)));
    }

    @Override
    public ClusterView view(ActorSystem<?> system) {
      return new MembershipView(system);
    }

    @Override
    public boolean has(Role role) {
      return cluster.has(role);
    }

    @Override
    public int slots() {
      return cluster.slots();
    }

    @Override
    public Placement placement(NodeLoads loads) {
      return new OwnerPlacement(
          loads,
          settings.nodeName(),
          cluster.ownerApartFromIngest(),
          cluster.slots(),
          System::nanoTime,
          new Random());
    }
  }
}
