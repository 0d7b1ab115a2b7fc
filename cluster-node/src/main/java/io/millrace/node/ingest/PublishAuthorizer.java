package io.millrace.node.ingest;

import io.millrace.protocol.rtmp.PublishTarget;
import java.util.concurrent.CompletionStage;

/** Decides which stream a publisher's name and parameters stand for. */
@FunctionalInterface
public interface PublishAuthorizer {

  /**
   * Called on an ingest thread, so it does not block. Compares secrets in constant time and refuses
   * in the same words whatever the reason.
   *
   * @param target checked against the allow-list of names; secret
   * @param address of the broadcaster, without port
   */
  CompletionStage<Authorization> authorize(PublishTarget target, String address);

  /** The outcome. */
  sealed interface Authorization {
    /**
     * @param streamId {@code [A-Za-z0-9_-]{1,64}}
     */
    record Granted(String streamId) implements Authorization {}

    /**
     * @param text for the broadcaster; no secret
     */
    record Refused(String text) implements Authorization {}
  }
}
