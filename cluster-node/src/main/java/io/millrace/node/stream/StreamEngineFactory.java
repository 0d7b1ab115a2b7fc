package io.millrace.node.stream;

import io.millrace.media.segment.PipelineState;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes the media side of one incarnation of a stream. */
@FunctionalInterface
public interface StreamEngineFactory {

  /**
   * @param events takes what the engine tells, on its thread
   */
  StreamEngine create(
      String streamId, long epoch, Optional<PipelineState> recovered, Consumer<EngineEvent> events);
}
