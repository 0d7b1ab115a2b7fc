package io.millrace.node.ingest;

import java.util.concurrent.CompletionStage;

/** Where a connection asks for the right to publish; implemented by the relay. */
public interface PublishGateway {

  /**
   * Asks the stream's owner for the publish lease. Completes with an answer in every case, at the
   * latest after the node's ask deadline; never exceptionally.
   *
   * @param control how the owner reaches this connection later
   */
  CompletionStage<PublishAnswer> publish(PublishRequest request, PublisherControl control);
}
