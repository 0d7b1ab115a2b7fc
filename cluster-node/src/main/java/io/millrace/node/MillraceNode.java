package io.millrace.node;

import com.typesafe.config.Config;
import io.millrace.node.store.DataDirectory;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.LoggerFactory;

/** A node in this process: started by the command line, or embedded by tests. */
public final class MillraceNode {
  private final ActorSystem<NodeGuardian.Command> system;
  private final CompletableFuture<NodeAddresses> ready;

  private MillraceNode(
      ActorSystem<NodeGuardian.Command> system, CompletableFuture<NodeAddresses> ready) {
    this.system = system;
    this.ready = ready;
  }

  /**
   * Starts a node; {@link #ready()} tells when it serves.
   *
   * @param config Pekko's own settings, defaults resolved; {@code ConfigFiles.load}
   * @throws IOException if the data directory cannot be used, or another process uses it
   */
  public static MillraceNode start(NodeSettings settings, Config config) throws IOException {
    // Set up by one thread; Pekko's own would do it at the same time, and SLF4J would tell people
    // of it.
    LoggerFactory.getILoggerFactory();
    DataDirectory dataDirectory = DataDirectory.open(settings.store().dataDirectory());
    CompletableFuture<NodeAddresses> ready = new CompletableFuture<>();
    ActorSystem<NodeGuardian.Command> system =
        ActorSystem.create(
            NodeGuardian.create(settings, dataDirectory, ready),
            "millrace",
            NodeConfig.of(settings).withFallback(config));
    var unused =
        system
            .getWhenTerminated()
            .whenComplete(
                (done, error) ->
                    ready.completeExceptionally(new IOException("the node has stopped")));
    return new MillraceNode(system, ready);
  }

  /** Fails when something could not be bound; the node has stopped then. */
  public CompletionStage<NodeAddresses> ready() {
    return ready;
  }

  /** Stops in order; see {@link NodeShutdown}. */
  public CompletionStage<Done> stop() {
    return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
  }

  public CompletionStage<Done> whenStopped() {
    return system.getWhenTerminated();
  }
}
