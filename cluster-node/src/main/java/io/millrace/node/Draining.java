package io.millrace.node;

import io.millrace.node.edge.NodeHealth;
import io.millrace.node.placement.NodeDrain;
import io.millrace.node.relay.RelayGateway;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node of a cluster does before it stops: its streams go to other nodes, one at a time, each
 * at the end of a segment; then its publishers are let go, one at a time. Viewers notice nothing, a
 * publisher connects once again. Within a deadline, and only while another node takes streams; what
 * is left then stops with the node.
 */
final class Draining {
  private static final Logger LOG = LoggerFactory.getLogger(Draining.class);
  private static final String ALONE = "no other node takes streams";

  /**
   * The node as far as it matters here.
   *
   * @param limit longest time for all of it; empty in mode single
   * @param othersTakeStreams whether there is another node for its streams
   */
  record Node(
      Optional<Duration> limit,
      BooleanSupplier othersTakeStreams,
      NodeDrain drain,
      NodeHealth health) {}

  private final ActorSystem<?> system;
  private final Node node;
  private final Optional<ActorRef<RelayGateway.Command>> publishers;

  Draining(ActorSystem<?> system, Node node, Optional<ActorRef<RelayGateway.Command>> publishers) {
    this.system = system;
    this.node = node;
    this.publishers = publishers;
  }

  /** Never fails. */
  CompletionStage<Done> run() {
    if (node.limit().isEmpty() || !node.othersTakeStreams().getAsBoolean()) {
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    Duration limit = node.limit().get();
    LOG.info("draining: streams and publishers go to other nodes, {} at most", limit);
    node.health().notReady("drain", "draining");
    CompletableFuture<Done> drained =
        node.drain()
            .begin()
            .thenCompose(empty -> letPublishersGo(limit))
            .toCompletableFuture()
            .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    node.drain()
        .nobodyTakes()
        .thenRun(() -> drained.completeExceptionally(new IllegalStateException(ALONE)));
    return drained.handle(this::report);
  }

  private CompletionStage<Done> letPublishersGo(Duration limit) {
    return publishers
        .map(
            parent ->
                AskPattern.<RelayGateway.Command, Done>ask(
                    parent, RelayGateway.LetGo::new, limit, system.scheduler()))
        .orElseGet(() -> CompletableFuture.completedFuture(Done.getInstance()));
  }

  private Done report(Done done, Throwable failure) {
    if (failure == null) {
      LOG.info("drained: no stream and no publisher is left here");
    } else {
      LOG.warn("not drained, what is left stops now: {}", failure.toString());
    }
    return Done.getInstance();
  }
}
