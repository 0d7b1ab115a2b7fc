package io.millrace.node.edge;

import io.millrace.node.cluster.Endpoint;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads objects from the node that owns their stream. */
@FunctionalInterface
public interface ObjectSource {

  /** A node without others. */
  ObjectSource NONE =
      (owner, streamId, rendition, name) -> CompletableFuture.completedFuture(Optional.empty());

  /** Empty: the owner does not have it. Failed: the owner did not answer in time. */
  CompletionStage<Optional<byte[]>> fetch(
      Endpoint owner, String streamId, String rendition, String name);
}
