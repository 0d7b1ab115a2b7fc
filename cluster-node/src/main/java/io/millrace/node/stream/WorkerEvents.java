package io.millrace.node.stream;

import io.millrace.media.segment.StreamPipeline;
import io.millrace.media.worker.EncodedPacket;
import io.millrace.media.worker.WorkerListener;
import io.millrace.media.worker.WorkerPort;
import io.millrace.media.worker.WorkerStats;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Hands the events of one worker process to the pipeline, on the pipeline's executor. The worker's
 * reader thread waits while the pipeline is too far behind. Events after the exit are ignored.
 */
final class WorkerEvents implements WorkerListener {

  /** What an event counts beside its payload; bounds the number of waiting events. */
  static final int EVENT_OVERHEAD_BYTES = 2048;

  /**
   * @param current takes the worker that is ready now, or null; called on {@code executor}
   */
  record Target(
      Executor executor,
      ByteBudget budget,
      StreamPipeline pipeline,
      Consumer<WorkerPort> current,
      Consumer<byte[]> thumbnails) {}

  private final Target target;
  private final StreamPipeline pipeline;
  private final CompletionStage<WorkerPort> port;
  private final StreamEngine.WorkerExit onExit;
  private boolean gone;

  /**
   * @param port completes when the process was started
   */
  WorkerEvents(Target target, CompletionStage<WorkerPort> port, StreamEngine.WorkerExit onExit) {
    this.target = target;
    this.pipeline = target.pipeline();
    this.port = port;
    this.onExit = onExit;
  }

  private void on(Runnable task) {
    target
        .executor()
        .execute(
            () -> {
              if (!gone) {
                task.run();
              }
            });
  }

  private void on(int payloadBytes, Runnable task) {
    ByteBudget budget = target.budget();
    int bytes = Math.min(budget.limit(), EVENT_OVERHEAD_BYTES + payloadBytes);
    if (budget.acquire(bytes)) {
      target
          .executor()
          .execute(
              () -> {
                budget.release(bytes);
                if (!gone) {
                  task.run();
                }
              });
    }
  }

  @Override
  public void ready() {
    port.whenComplete(
        (started, error) -> {
          if (started != null) {
            on(
                () -> {
                  target.current().accept(started);
                  pipeline.workerReady(started, System.nanoTime());
                });
          }
        });
  }

  @Override
  public void init(String rung, int generation, byte[] extradata) {
    on(extradata.length, () -> pipeline.workerInit(rung, generation, extradata, System.nanoTime()));
  }

  @Override
  public void packet(EncodedPacket packet) {
    on(packet.data().length, () -> pipeline.workerPacket(packet, System.nanoTime()));
  }

  @Override
  public void flushed(int flushId) {
    on(0, () -> pipeline.workerFlushed(flushId, System.nanoTime()));
  }

  @Override
  public void dropped(String rung, long sourceSeq, int count) {
    on(0, () -> pipeline.workerDropped(rung, sourceSeq, count));
  }

  @Override
  public void stats(WorkerStats stats) {
    on(0, () -> pipeline.workerStats(stats));
  }

  @Override
  public void thumbnail(byte[] jpeg) {
    target.thumbnails().accept(jpeg);
  }

  @Override
  public void exited(int exitCode, String cause) {
    on(
        () -> {
          gone = true;
          target.current().accept(null);
          pipeline.workerGone();
        });
    onExit.exited(exitCode, cause);
  }
}
