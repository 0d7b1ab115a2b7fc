package io.millrace.node.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where the shared store says which cluster it belongs to, and which node has which name: ids that
 * are held by heartbeats. Calls never block; a failed stage means that the store did not answer.
 */
public interface FormationRegister {

  /** The cluster whose heartbeat is fresh. */
  CompletionStage<Optional<String>> holder();

  /**
   * Takes or keeps the store for a cluster.
   *
   * @param expiry the store is free again when it is not held anew within it
   * @return who holds it afterwards
   */
  CompletionStage<String> hold(String formation, Duration expiry);

  /** Frees the store if this cluster holds it. */
  CompletionStage<Void> release(String formation);

  /**
   * Takes or keeps a name for the node at an address.
   *
   * @param expiry the name is free again when it is not held anew within it
   * @return address of the node that has the name afterwards
   */
  CompletionStage<String> holdName(String name, String address, Duration expiry);

  /** Frees the name if the node at this address has it. */
  CompletionStage<Void> releaseName(String name, String address);
}
