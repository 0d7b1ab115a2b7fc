package io.millrace.http;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Viewers' way to the streams; implemented by the node's edge. Calls never block. */
public interface HlsPort {

  /**
   * The stream as this node shows it. Complete at once when the node already follows the stream;
   * otherwise completes when the directory has answered. Empty: unknown, or ended and past
   * retention.
   */
  CompletionStage<Optional<HlsStream>> open(String streamId);
}
