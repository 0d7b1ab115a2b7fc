package io.millrace.node.placement;

import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** Whether this node hands its streams over and takes no new ones; thread-safe. */
public final class NodeDrain {
  private volatile boolean draining;
  private volatile Optional<ActorRef<LoadGossip.Command>> gossip = Optional.empty();

  /** Who tells the others. */
  public void tells(ActorRef<LoadGossip.Command> actor) {
    gossip = Optional.of(actor);
  }

  public boolean isOn() {
    return draining;
  }

  /** There is no way back but a restart. */
  public void begin() {
    draining = true;
    gossip.ifPresent(actor -> actor.tell(LoadGossip.SayNow.INSTANCE));
  }
}
