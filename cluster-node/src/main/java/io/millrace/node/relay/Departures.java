package io.millrace.node.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** The publishers of a node that stops: each leaves when the one before it has. Of their parent. */
final class Departures {
  private final ActorContext<RelayGateway.Command> context;
  private final Deque<ActorRef<Void>> waiting = new ArrayDeque<>();
  private ActorRef<Done> replyTo;

  Departures(ActorContext<RelayGateway.Command> context) {
    this.context = context;
  }

  boolean haveBegun() {
    return replyTo != null;
  }

  /**
   * @param whenAllLeft is told once
   */
  void begin(ActorRef<Done> whenAllLeft) {
    if (!haveBegun()) {
      replyTo = whenAllLeft;
      waiting.addAll(context.getChildren());
      next();
    }
  }

  void next() {
    ActorRef<Void> publisher = waiting.poll();
    if (publisher != null) {
      context.watchWith(publisher, new RelayGateway.Left());
      publisher.<PublisherActor.Command>unsafeUpcast().tell(PublisherActor.Leave.INSTANCE);
    } else if (haveBegun()) {
      replyTo.tell(Done.getInstance());
    }
  }
}
