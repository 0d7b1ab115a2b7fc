package io.millrace.node.ingest;

import io.millrace.media.demux.DemuxSettings;
import io.millrace.media.net.SocketLoops;
import java.util.concurrent.CompletionStage;

/**
 * What all connections of a listener share; safe from any thread.
 *
 * @param loops where they live
 */
record IngestContext(
    RtmpSettings settings,
    DemuxSettings demux,
    PublishAuthorizer authorizer,
    PublishGateway gateway,
    AddressCaps caps,
    FailedAttempts failedAttempts,
    IngestMetrics metrics,
    SocketLoops loops) {

  /**
   * Completes when all loops have read what had come before: a publisher that connects again must
   * not overtake what it sent over its last connection.
   */
  CompletionStage<Void> caughtUp() {
    return loops.caughtUp();
  }
}
