package io.millrace.node.edge;

import io.millrace.node.placement.DirectoryEntry;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The way to the owner of a stream; implemented over directory and sharding. */
public interface FollowPort {

  /**
   * Sends the request to the stream's entity if the directory knows the stream; fire and forget,
   * answers go to the subscriber.
   *
   * @return what the directory says; failed when it does not answer
   */
  CompletionStage<Optional<DirectoryEntry>> follow(String streamId, FollowRequest request);

  /** The same to the entity of a stream that the directory named before; does not ask it again. */
  void follow(DirectoryEntry known, FollowRequest request);
}
