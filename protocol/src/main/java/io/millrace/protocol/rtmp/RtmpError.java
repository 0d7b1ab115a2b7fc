package io.millrace.protocol.rtmp;

/** What kind of rule a peer broke; {@link #status()} is what it is told where it can be told. */
public enum RtmpError {
  /** Bytes that no conforming peer sends. */
  MALFORMED("NetConnection.Call.Failed"),
  /** Valid, known, and not served here. */
  UNSUPPORTED("NetConnection.Call.Failed"),
  /** Beyond a limit of ours. */
  LIMIT("NetConnection.Call.Failed"),
  /** The first bytes belong to another protocol. */
  NOT_RTMP("NetConnection.Connect.Rejected"),
  /** The name of the stream is outside the allow-list. */
  BAD_NAME("NetStream.Publish.BadName"),
  /** Refused by whoever decides on publishes. */
  DENIED("NetStream.Publish.Denied");

  private final String status;

  RtmpError(String status) {
    this.status = status;
  }

  public String status() {
    return status;
  }
}
