package io.millrace.media.publish;

import java.io.IOException;

/**
 * What a broadcast tells while it runs. Called on its sending or its reading thread, so
 * implementations are quick and thread-safe. Every method may be left out.
 */
public interface PublishListener {

  /** The server accepted the publish; sessions count from 1. */
  default void opened(int session) {}

  /**
   * A tag was handed to the socket whole.
   *
   * @param tag as the source gave it, before any shift of time for the session
   * @param nanoTime {@link System#nanoTime()} after the write
   */
  default void written(int session, PublishTag tag, long nanoTime) {}

  /** An {@code onStatus} of the server. */
  default void status(String code, String description) {}

  /** The connection was lost or refused; a new one follows if the settings say so. */
  default void lost(IOException reason) {}
}
