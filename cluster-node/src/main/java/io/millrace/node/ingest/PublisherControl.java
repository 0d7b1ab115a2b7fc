package io.millrace.node.ingest;

/** What the owner's side can do to a connection; safe from any thread. */
public interface PublisherControl {

  /** Ends the publish with an RTMP status, flushes, closes the socket. */
  void close(CloseReason reason, String text);

  /**
   * The node stops: a client that can is asked to connect again, and goes on here until it ends the
   * publish, for a few seconds; any other is closed.
   */
  void leave(String text);

  void resumeReading();

  /** Why a publish is ended from our side. */
  enum CloseReason {
    TAKEN_OVER,
    KICKED,
    REFUSED,
    NODE_STOPPING
  }
}
