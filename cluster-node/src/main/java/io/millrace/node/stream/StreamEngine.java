package io.millrace.node.stream;

import io.millrace.media.worker.WorkerListener;
import io.millrace.media.worker.WorkerPort;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.util.concurrent.CompletionStage;

/** The media side of a stream as its actor sees it. Thread-safe; no call blocks. */
public interface StreamEngine {

  /**
   * Opens a session and waits for its relay. Another session that is still open is ended as taken
   * over.
   *
   * @param resumed the recovered or the open session goes on, without a discontinuity
   * @return first sequence number needed from the relay
   */
  CompletionStage<Long> startSession(long session, boolean resumed);

  /** Ends the open session from our side. */
  void endSession(CloseReason reason, String text);

  /**
   * The segment in flight ends as soon as it can.
   *
   * @return the segment that follows it
   */
  CompletionStage<Long> cutEarly();

  /** Nanoseconds of the monotonic clock at which the last unit of a publisher came in. */
  long lastUnitNanos();

  void stored(String rendition, long msn);

  void durable(String rendition, long msn);

  /** Called by whoever starts workers; a listener for one worker process. */
  WorkerListener workerListener(CompletionStage<WorkerPort> port, WorkerExit onExit);

  /** Stops for good; a connected relay is told that its owner is gone. */
  void stop();

  /** A worker process is gone. */
  @FunctionalInterface
  interface WorkerExit {
    void exited(int exitCode, String cause);
  }
}
