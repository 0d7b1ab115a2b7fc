package io.millrace.media.hls;

import java.util.Optional;

/**
 * The tags before the first segment of a media playlist, in the order in which they are written.
 */
enum HeaderTag {
  /** RFC 8216bis §4.4.1.1. */
  EXTM3U {
    @Override
    Optional<String> line(MediaPlaylistWindow window) {
      return Optional.of("#EXTM3U");
    }
  },
  /** RFC 8216bis §8: EXT-X-MAP in a playlist of media segments needs 6. */
  VERSION {
    @Override
    Optional<String> line(MediaPlaylistWindow window) {
      return Optional.of("#EXT-X-VERSION:6");
    }
  },
  /** RFC 8216bis §4.4.2.1: each segment starts with an IDR. */
  INDEPENDENT_SEGMENTS {
    @Override
    Optional<String> line(MediaPlaylistWindow window) {
      return Optional.of("#EXT-X-INDEPENDENT-SEGMENTS");
    }
  },
  /** RFC 8216bis §4.4.3.1. */
  TARGETDURATION {
    @Override
    Optional<String> line(MediaPlaylistWindow window) {
      return Optional.of("#EXT-X-TARGETDURATION:" + window.targetDurationSeconds());
    }
  },
  /** RFC 8216bis §4.4.3.2. */
  MEDIA_SEQUENCE {
    @Override
    Optional<String> line(MediaPlaylistWindow window) {
      return Optional.of("#EXT-X-MEDIA-SEQUENCE:" + window.mediaSequence());
    }
  },
  /** RFC 8216bis §4.4.3.3. Always written, as any live stream may come to have a discontinuity. */
  DISCONTINUITY_SEQUENCE {
    @Override
    Optional<String> line(MediaPlaylistWindow window) {
      return Optional.of("#EXT-X-DISCONTINUITY-SEQUENCE:" + window.discontinuitySequence());
    }
  };

  /** The whole line without its end; empty: not written. */
  abstract Optional<String> line(MediaPlaylistWindow window);
}
