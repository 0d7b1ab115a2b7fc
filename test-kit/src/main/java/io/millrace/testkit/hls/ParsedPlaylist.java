package io.millrace.testkit.hls;

/** A playlist of either kind. */
public sealed interface ParsedPlaylist permits MediaPlaylist, MultivariantPlaylist {
  /** EXT-X-VERSION; 1 when there is no tag (RFC 8216bis §4.4.1.2). */
  int version();

  boolean independentSegments();
}
