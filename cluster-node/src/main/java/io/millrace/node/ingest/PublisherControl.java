package io.millrace.node.ingest;

/** What the owner's side can do to a connection; safe from any thread. */
public interface PublisherControl {

  /** Ends the publish with an RTMP status, flushes, closes the socket. */
  void close(CloseReason reason, String text);

  void resumeReading();

  /** Why a publish is ended from our side. */
  enum CloseReason {
    TAKEN_OVER,
    KICKED,
    REFUSED,
    NODE_STOPPING,
    OVERLOADED
  }
}
