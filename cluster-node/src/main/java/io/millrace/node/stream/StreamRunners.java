package io.millrace.node.stream;

import io.millrace.media.segment.PipelineState;
import io.millrace.media.worker.KeyPictures;
import io.millrace.node.edge.StreamStatuses;
import io.millrace.node.relay.LocalOwners;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Scheduler;
import scala.concurrent.ExecutionContextExecutor;

/** Makes the runners of this node's streams. */
public final class StreamRunners implements StreamEngineFactory {
  private final StreamRunner.Shared shared;

  /**
   * @param mediaExecutor where all pipelines run; never blocked
   */
  public StreamRunners(
      StreamSettings settings,
      ExecutionContextExecutor mediaExecutor,
      Scheduler scheduler,
      LocalOwners owners,
      TranscodeCapacity capacity,
      StreamStatuses statuses,
      KeyPictures pictures) {
    this.shared =
        new StreamRunner.Shared(
            settings.pipeline(),
            new PictureTaker.Shared(settings.thumbnailInterval(), pictures, statuses),
            new MediaPulse(scheduler, mediaExecutor, Runtime.getRuntime().availableProcessors()),
            owners,
            capacity::free);
  }

  @Override
  public StreamEngine create(
      String streamId,
      long epoch,
      Optional<PipelineState> recovered,
      Consumer<EngineEvent> events) {
    return StreamRunner.create(shared, streamId, epoch, recovered, events);
  }
}
