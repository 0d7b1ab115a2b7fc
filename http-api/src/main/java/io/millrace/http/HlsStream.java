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
   * The newest version of a media playlist with parts as soon as it reaches a position, and at the
   * latest after the node's deadline. All who ask for the same position wait on one promise.
   *
   * @param msn media sequence number
   * @param part of that segment, from 0 on; −1: the whole segment. One beyond the last of its
   *     segment means part 0 of the next one (rfc8216bis §6.2.5.2).
   */
  CompletionStage<ReloadAnswer> reload(String rendition, long msn, int part);

  /**
   * A media segment, a part or an init segment, by the name that a playlist gave; empty: 404.
   * Failed with {@link UnavailableException}: 503. The part that the newest playlist hints at
   * completes when the part is whole.
   */
  CompletionStage<Optional<MediaObject>> object(String rendition, String name);

  /** The name is of a part that is not whole yet: who asks for it waits. */
  boolean awaits(String rendition, String name);

  /** The stream may serve nothing now (its owner cannot be confirmed): 503 with Retry-After. */
  boolean paused();
}
