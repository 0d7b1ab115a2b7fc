package io.millrace.node.stream;

import io.millrace.media.worker.WorkerListener;
import io.millrace.media.worker.WorkerPort;

/** Where streams get their transcoding workers; never blocks. */
@FunctionalInterface
public interface WorkerSource {

  /** A worker process that is there or is being started; its events go to {@code listener}. */
  WorkerPort start(WorkerListener listener);
}
