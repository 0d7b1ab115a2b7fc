package io.millrace.node.edge;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests of this node that wait for media that does not exist yet: how many, for how long,
 * and who answers them. Thread-safe.
 */
final class ParkingLot {
  private final int capacity;
  private final long startMillis;
  private final ReloadCounters counters = new ReloadCounters();
  private final AtomicInteger parked = new AtomicInteger();
  private volatile Executor answerOn = Runnable::run;

  ParkingLot(EdgeSettings settings) {
    this.capacity = settings.maxParked();
    this.startMillis = settings.parkTimeout().toMillis();
  }

  /** How long a request waits for the first segments of a stream. */
  long startMillis() {
    return startMillis;
  }

  ReloadCounters counters() {
    return counters;
  }

  /** Where those who waited are answered; until it is set, on the thread that has the answer. */
  void answerOn(Executor executor) {
    answerOn = executor;
  }

  Executor answerOn() {
    return answerOn;
  }

  boolean enter() {
    if (parked.incrementAndGet() <= capacity) {
      return true;
    }
    parked.decrementAndGet();
    return false;
  }

  void leave(int requests) {
    parked.addAndGet(-requests);
  }

  int parked() {
    return parked.get();
  }
}
