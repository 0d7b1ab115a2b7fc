package io.millrace.node.relay;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.millrace.node.CborSerializable;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.ingest.PublishAnswer;

/** The owner's answer to a request for the publish lease. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = LeaseReply.Accepted.class, name = "accepted"),
  @JsonSubTypes.Type(value = LeaseReply.Rejected.class, name = "rejected")
})
public sealed interface LeaseReply extends CborSerializable {

  /** Of the request that this answers. */
  String requestId();

  /**
   * @param node name of the owner's node
   * @param data where the owner's node takes media from other nodes; {@link Endpoint#NONE} in mode
   *     single
   * @param firstSeq first unit of the session that the owner needs; 0 for a new session
   */
  record Accepted(
      String requestId, String node, Endpoint data, long epoch, long session, long firstSeq)
      implements LeaseReply {}

  record Rejected(String requestId, PublishAnswer.Reason reason, String text)
      implements LeaseReply {}
}
