package io.millrace.media.worker;

import java.util.List;

/**
 * Commands to one worker process. Calls never block: they enter a queue that its own thread writes
 * to the worker's stdin; {@link #queuedMedia90k()} says how far that thread is behind.
 */
public interface WorkerPort {
  void configure(WorkerConfig config);

  void unit(WorkerUnit unit);

  /** All frames of all units so far come out, then {@link WorkerListener#flushed}. */
  void flush(int flushId);

  void rungs(List<RungSwitch> switches);

  /** Asks for a JPEG of the next decoded key picture. */
  void thumbnail();

  /** No more input: the worker drains, exits with 0. */
  void end();

  /** Media time between the oldest unit not yet written and the newest queued, 90 kHz ticks. */
  long queuedMedia90k();
}
