package io.millrace.node.relay;

import io.millrace.node.ingest.PublisherControl.CloseReason;

/** The ingest's end of a way to the owner; one per session and owner incarnation. Thread-safe. */
public interface RelayTransport {

  /**
   * Hands over one frame in order.
   *
   * @return false when the way is full or closed; the frame was not taken, and {@link
   *     Listener#writable()} or a closing call follows
   */
  boolean send(RelayFrame frame);

  /** Ends the way from the ingest's side, also after an end was sent; no listener call follows. */
  void close();

  /** Calls back on any thread, one at a time, never from within {@link #send}. */
  interface Listener {

    /** The owner has taken the relay. */
    default void opened() {}

    /** After a refused {@code send}: there is room again. */
    void writable();

    /** Every unit up to {@code seq} is durable in every active rung. */
    void acknowledged(long seq);

    /** The owner ends this publish for good. */
    void ended(CloseReason reason, String text);

    /** The owner is gone or has moved; ask for it again and replay. */
    void lost();
  }
}
