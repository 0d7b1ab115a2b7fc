package io.millrace.node.placement;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Cluster singleton that gives every slot a home, so that there are empty ones on each origin when
 * a stream is to be placed. A slot without one gets it by a message to no stream. Keeps no state.
 */
public final class SlotKeeper {

  /** What the keeper is told, all by itself. */
  public enum Tick {
    INSTANCE
  }

  private SlotKeeper() {}

  /**
   * @param probe sends a message into the slot through sharding
   */
  public static Behavior<Tick> create(
      NodeLoads loads, int slotCount, Duration interval, Consumer<Slot> probe) {
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerWithFixedDelay(Tick.INSTANCE, Duration.ZERO, interval);
          return Behaviors.receiveMessage(
              tick -> {
                Set<Integer> held = loads.heldSlots();
                IntStream.range(0, slotCount)
                    .filter(slot -> !held.contains(slot))
                    .forEach(slot -> probe.accept(new Slot(slot)));
                return Behaviors.same();
              });
        });
  }
}
