package io.millrace.node;

import io.millrace.http.HttpServer;
import io.millrace.http.net.HttpListener;
import io.millrace.node.cluster.NodeRegistration;
import io.millrace.node.ingest.RtmpListener;
import io.millrace.node.store.DataDirectory;
import io.millrace.node.stream.StreamSharding;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * How a node stops: in a cluster its streams go to other nodes first; no new publishers; each
 * stream ends its publish, stores its last segments and its state (sharding's own phase); HTTP
 * answers what it has; workers go; the data directory is freed.
 */
final class NodeShutdown {
  private static final Duration RTMP_DEADLINE = Duration.ofSeconds(2);
  private static final Duration HTTP_DEADLINE = Duration.ofSeconds(2);
  private static final Duration NAME_DEADLINE = Duration.ofSeconds(2);

  private final ActorSystem<?> system;

  NodeShutdown(ActorSystem<?> system, DataDirectory dataDirectory) {
    this.system = system;
    add(
        CoordinatedShutdown.PhaseActorSystemTerminate(),
        "data-directory",
        () -> {
          free(dataDirectory);
          return done();
        });
  }

  void stops(NodeParts parts) {
    add(
        CoordinatedShutdown.PhaseClusterShutdown(),
        "workers",
        () -> {
          parts.closeWorkers();
          return done();
        });
    add(
        CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
        "stores",
        () -> parts.close().thenApply(closed -> Done.getInstance()));
  }

  void stopsRtmp(ActorRef<RtmpListener.Command> rtmp) {
    add(
        CoordinatedShutdown.PhaseServiceUnbind(),
        "rtmp",
        () ->
            AskPattern.ask(
                rtmp, RtmpListener.StopAccepting::new, RTMP_DEADLINE, system.scheduler()));
  }

  /** Before sharding does. */
  void stopsWaking(StreamSharding sharding) {
    add(
        CoordinatedShutdown.PhaseBeforeClusterShutdown(),
        "waking",
        () -> {
          sharding.stopping();
          return done();
        });
  }

  /** Before anything else. */
  void drains(Draining draining) {
    add(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "drain", draining::run);
  }

  /** Other nodes still read what this one owned, until its viewers are served. */
  static void stopsInternalHttp(ActorSystem<?> system, HttpListener listener) {
    add(
        system,
        CoordinatedShutdown.PhaseClusterShutdown(),
        "internal-http",
        () -> listener.stop(HTTP_DEADLINE));
  }

  void stopsHttp(HttpServer server) {
    add(CoordinatedShutdown.PhaseClusterExiting(), "http", () -> server.stop(HTTP_DEADLINE));
  }

  /** Whoever starts it again elsewhere finds its name free. */
  static void frees(ActorSystem<?> system, ActorRef<NodeRegistration.Command> registration) {
    add(
        system,
        CoordinatedShutdown.PhaseClusterShutdown(),
        "node-name",
        () ->
            AskPattern.ask(
                    registration, NodeRegistration.Leave::new, NAME_DEADLINE, system.scheduler())
                .exceptionally(failure -> Done.getInstance()));
  }

  /** A cluster whose settings differ lets nobody in: says so. */
  void explains(CompletableFuture<NodeAddresses> ready, String agreement) {
    add(
        CoordinatedShutdown.PhaseBeforeServiceUnbind(),
        "refusal",
        () -> {
          if (isRefusal(CoordinatedShutdown.get(system).getShutdownReason())) {
            ready.completeExceptionally(
                new IOException(
                    "the cluster has other settings than this node, see also the logs of its seed"
                        + " nodes (expected: the same on all nodes; here "
                        + agreement
                        + ")"));
          }
          return done();
        });
  }

  private static boolean isRefusal(Optional<CoordinatedShutdown.Reason> reason) {
    return reason.equals(
        Optional.of(CoordinatedShutdown.incompatibleConfigurationDetectedReason()));
  }

  private void free(DataDirectory dataDirectory) {
    try {
      dataDirectory.close();
    } catch (IOException e) {
      system.log().warn("data directory stays locked: {}", e.toString());
    }
  }

  private void add(String phase, String name, Supplier<CompletionStage<Done>> task) {
    add(system, phase, name, task);
  }

  private static void add(
      ActorSystem<?> system, String phase, String name, Supplier<CompletionStage<Done>> task) {
    CoordinatedShutdown.get(system).addTask(phase, "millrace-" + name, task);
  }

  private static CompletionStage<Done> done() {
    return CompletableFuture.completedFuture(Done.getInstance());
  }
}
