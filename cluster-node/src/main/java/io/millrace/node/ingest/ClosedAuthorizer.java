package io.millrace.node.ingest;

import io.millrace.protocol.rtmp.PublishTarget;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** No key is known, so nobody may publish. */
public final class ClosedAuthorizer implements PublishAuthorizer {
  private static final String TEXT = "This server takes known stream keys only.";

  @Override
  public CompletionStage<Authorization> authorize(PublishTarget target, String address) {
    return CompletableFuture.completedFuture(new Authorization.Refused(TEXT));
  }
}
