package io.millrace.media.publish;

import java.io.IOException;

/** One accepted publish. Used by one thread, except {@link #abort()}. */
interface PublishConnection {

  /** Opens such connections. */
  @FunctionalInterface
  interface Opener {
    /**
     * Connects and publishes.
     *
     * @throws IOException if there is no server, or it refuses
     */
    PublishConnection open() throws IOException;
  }

  /**
   * Sends a tag; blocks while the server does not read.
   *
   * @throws IOException if the connection is gone, with the server's reason where it gave one
   */
  void write(PublishTag tag) throws IOException;

  /** Ends the publish as encoders do (FCUnpublish, deleteStream) and closes. */
  void finish() throws IOException;

  /** Closes the socket without a word. */
  void abort();
}
