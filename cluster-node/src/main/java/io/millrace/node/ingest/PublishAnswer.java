package io.millrace.node.ingest;

/** The owner's answer to a publish. */
public sealed interface PublishAnswer {

  /** The lease is granted and durable; units go into {@code sink}. */
  record Accepted(UnitSink sink) implements PublishAnswer {}

  /**
   * @param text for the broadcaster; no secret, no "no such stream" oracle
   */
  record Rejected(Reason reason, String text) implements PublishAnswer {}

  /** Why; maps to the RTMP status. */
  enum Reason {
    /** The key is live and the policy is to keep the incumbent (NetStream.Publish.BadName). */
    ALREADY_PUBLISHING,
    /** The node or its store cannot take new streams now; the encoder may retry. */
    UNAVAILABLE,
    /** Refused by policy. */
    DENIED,
    /** A publisher that wants to go on after its owner was lost: the stream has gone on without. */
    SUPERSEDED
  }
}
