package io.millrace.node.relay;

import org.apache.pekko.actor.typed.ActorRef;

/** The way to the entity of a stream; implemented over sharding. */
public interface LeasePort {

  /**
   * Sends the request; fire and forget, the answer goes to {@code replyTo}. A request that cannot
   * be sent is answered by {@link LeaseReply.Rejected}.
   *
   * @param publisher stays reachable for the owner as long as the publish lasts
   */
  void request(
      LeaseRequest request,
      ActorRef<PublisherActor.Command> publisher,
      ActorRef<LeaseReply> replyTo);
}
