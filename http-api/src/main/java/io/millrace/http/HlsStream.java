package io.millrace.http;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One stream on this node's edge; a live view, safe to call from any thread. */
public interface HlsStream {

  /**
   * The multivariant playlist. Complete at once when every starting rung has a segment; else parked
   * on a promise shared by all who wait, which ends empty after the node's deadline (answer 503).
   */
  CompletionStage<Optional<Playlist>> multivariant();

  /** The newest version of a media playlist; empty when there is no such rendition. */
  Optional<Playlist> mediaPlaylist(String rendition);

  /**
   * A media segment or an init segment, by the name that a playlist gave; empty: 404. Failed with
   * {@link UnavailableException}: 503.
   */
  CompletionStage<Optional<MediaObject>> object(String rendition, String name);

  /** The stream may serve nothing now (its owner cannot be confirmed): 503 with Retry-After. */
  boolean paused();
}
