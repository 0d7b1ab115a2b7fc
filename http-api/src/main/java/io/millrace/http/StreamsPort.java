package io.millrace.http;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the control API and the pages read and do; implemented by {@code cluster-node}. */
public interface StreamsPort {

  /** All streams that are live, reconnecting, or ended within retention; by id. */
  CompletionStage<StreamList> list();

  CompletionStage<Optional<StreamInfo>> get(String streamId);

  /** Ends the publish and the stream at once. False when there is no such stream. */
  CompletionStage<Boolean> kick(String streamId);

  /** The newest JPEG thumbnail; empty when there is none yet. */
  CompletionStage<Optional<byte[]>> thumbnail(String streamId);
}
