package io.millrace.node.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.Scheduler;
import scala.concurrent.ExecutionContextExecutor;

/**
 * Wakes the media side of a node's streams together. A frame of every stream comes every few
 * milliseconds, and waking a thread costs more than what is then done with the frame; so what asks
 * to be woken waits a moment for the others, and one thread does it for all of its lane. Streams
 * are spread over as many lanes as there are cores. Thread-safe; one per node.
 */
final class MediaPulse {
  /** Delay of media on its way through the owner; a small part of any segment or part. */
  static final Duration GATHER = Duration.ofMillis(10);

  static final Duration TICK = Duration.ofMillis(250);

  private final Scheduler scheduler;
  private final ExecutionContextExecutor executor;
  private final List<Lane> lanes = new ArrayList<>();
  private final AtomicInteger joined = new AtomicInteger();

  /**
   * @param executor where wake-ups and ticks run; never blocked
   */
  MediaPulse(Scheduler scheduler, ExecutionContextExecutor executor, int laneCount) {
    this.scheduler = scheduler;
    this.executor = executor;
    for (int i = 0; i < laneCount; i++) {
      Lane lane = new Lane();
      lanes.add(lane);
      var unused =
          scheduler.scheduleWithFixedDelay(
              TICK.multipliedBy(i + 1L).dividedBy(laneCount), TICK, lane::tick, executor);
    }
  }

  /** The executor on which everything here runs. */
  Executor executor() {
    return executor;
  }

  /**
   * Joins a lane.
   *
   * @param onTick runs every {@link #TICK} until the member leaves
   */
  Member join(Runnable onTick) {
    Lane lane = lanes.get(Math.floorMod(joined.getAndIncrement(), lanes.size()));
    Member member = new Member(lane, onTick);
    lane.members.add(member);
    return member;
  }

  /** One stream's place in a lane. */
  static final class Member {
    private final Lane lane;
    private final Runnable onTick;

    private Member(Lane lane, Runnable onTick) {
      this.lane = lane;
      this.onTick = onTick;
    }

    /** Runs {@code task} with the next wake-up; the caller does not ask again before it ran. */
    void wake(Runnable task) {
      lane.add(task);
    }

    void leave() {
      lane.members.remove(this);
    }
  }

  private final class Lane {
    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Runnable runWaiting = this::runWaiting;

    private void add(Runnable task) {
      waiting.add(task);
      if (scheduled.compareAndSet(false, true)) {
        var unused = scheduler.scheduleOnce(GATHER, runWaiting, executor);
      }
    }

    private void runWaiting() {
      scheduled.set(false);
      for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
        task.run();
      }
    }

    private void tick() {
      for (Member member : members) {
        member.onTick.run();
      }
    }
  }
}
