package io.millrace.node.placement;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/** Whether this node hands its streams over and takes no new ones; thread-safe. */
public final class NodeDrain {
  private final CompletableFuture<Done> emptied = new CompletableFuture<>();
  private final CompletableFuture<Done> nobodyTakes = new CompletableFuture<>();
  private volatile boolean draining;
  private volatile Optional<ActorRef<LoadGossip.Command>> gossip = Optional.empty();

  /** Who tells the others. */
  public void tells(ActorRef<LoadGossip.Command> actor) {
    gossip = Optional.of(actor);
  }

  public boolean isOn() {
    return draining;
  }

  /**
   * There is no way back but a restart.
   *
   * @return completes when no stream is left here
   */
  public CompletionStage<Done> begin() {
    draining = true;
    gossip.ifPresentOrElse(
        actor -> actor.tell(LoadGossip.SayNow.INSTANCE),
        () -> emptied.complete(Done.getInstance()));
    return emptied;
  }

  /** What the sharding region of this node holds now. */
  public void holds(int streams) {
    if (draining && streams == 0) {
      emptied.complete(Done.getInstance());
    }
  }

  /**
   * @return completes when no other node takes streams while this one drains
   */
  public CompletionStage<Done> nobodyTakes() {
    return nobodyTakes;
  }

  /** All other nodes stop as well. */
  public void othersStopToo() {
    if (draining) {
      nobodyTakes.complete(Done.getInstance());
    }
  }
}
