package io.millrace.node.ingest;

import io.millrace.protocol.rtmp.PublishTarget;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Mode {@code single}: every key is taken and is its own stream id. */
public final class OpenAuthorizer implements PublishAuthorizer {

  @Override
  public CompletionStage<Authorization> authorize(PublishTarget target, String address) {
    return CompletableFuture.completedFuture(new Authorization.Granted(target.name()));
  }
}
