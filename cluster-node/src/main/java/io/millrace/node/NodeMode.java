package io.millrace.node;

import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.cluster.ClusterSettings.Role;
import io.millrace.node.cluster.ClusterView;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.cluster.MembershipView;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.cluster.SeedNodes;
import io.millrace.node.placement.Slot;
import io.millrace.node.store.NodeStores;
import io.millrace.node.store.redis.RedisStores;
import io.millrace.node.stream.StreamSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterCommand;
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

  ClusterCommand join(ActorSystem<?> system);

  ClusterView view(ActorSystem<?> system);

  boolean has(Role role);

  int slots();

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
    public ClusterCommand join(ActorSystem<?> system) {
      return Join.create(Cluster.get(system).selfMember().address());
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
      try {
        return CompletableFuture.completedFuture(
            new NodeIdentity(
                settings.nodeName(),
                parts.openDataPort(cluster),
                new Endpoint(cluster.privateHost(), cluster.internalHttpPort())));
      } catch (IOException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    @Override
    public ClusterCommand join(ActorSystem<?> system) {
      return SeedNodes.join(system, cluster.seedNodes());
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
  }
}
