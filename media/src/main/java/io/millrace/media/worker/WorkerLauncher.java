package io.millrace.media.worker;

/** Where streams get their workers from. */
public interface WorkerLauncher {
  /**
   * A worker for one stream. Never blocks and never throws: what goes wrong is told by {@link
   * WorkerListener#exited}. Commands may be given at once; they wait until the process is up.
   */
  WorkerPort start(WorkerListener listener);
}
