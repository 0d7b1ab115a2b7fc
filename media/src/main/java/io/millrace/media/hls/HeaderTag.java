package io.millrace.media.hls;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * The tags before the first segment of a media playlist, in the order in which they are written.
 */
enum HeaderTag {
  /** RFC 8216bis §4.4.1.1. */
  EXTM3U {
    @Override
    Optional<String> line(MediaPlaylistWindow window, int skipped) {
      return Optional.of("#EXTM3U");
    }
  },
  /** RFC 8216bis §8: EXT-X-MAP in a playlist of media segments needs 6, EXT-X-SKIP 9. */
  VERSION {
    @Override
    Optional<String> line(MediaPlaylistWindow window, int skipped) {
      return Optional.of(skipped > 0 ? "#EXT-X-VERSION:9" : "#EXT-X-VERSION:6");
    }
  },
  /** RFC 8216bis §4.4.2.1: each segment starts with an IDR. */
  INDEPENDENT_SEGMENTS {
    @Override
    Optional<String> line(MediaPlaylistWindow window, int skipped) {
      return Optional.of("#EXT-X-INDEPENDENT-SEGMENTS");
    }
  },
  /** RFC 8216bis §4.4.3.1. */
  TARGETDURATION {
    @Override
    Optional<String> line(MediaPlaylistWindow window, int skipped) {
      return Optional.of("#EXT-X-TARGETDURATION:" + window.targetDurationSeconds());
    }
  },
  /** RFC 8216bis §4.4.3.8; Apple's authoring rules ask for three PART-TARGETs of hold-back. */
  SERVER_CONTROL {
    @Override
    Optional<String> line(MediaPlaylistWindow window, int skipped) {
      if (window.partTargetMillis() == 0) {
        return Optional.empty();
      }
      return Optional.of(
          "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK="
              + millis(3 * window.partTargetMillis())
              + ",HOLD-BACK="
              + 3 * window.targetDurationSeconds()
              + ".0,CAN-SKIP-UNTIL="
              + MediaPlaylistWindow.SKIP_TARGET_DURATIONS * window.targetDurationSeconds()
              + ".0");
    }
  },
  /** RFC 8216bis §4.4.3.7. */
  PART_INF {
    @Override
    Optional<String> line(MediaPlaylistWindow window, int skipped) {
      return window.partTargetMillis() == 0
          ? Optional.empty()
          : Optional.of("#EXT-X-PART-INF:PART-TARGET=" + millis(window.partTargetMillis()));
    }
  },
  /** RFC 8216bis §4.4.3.2. */
  MEDIA_SEQUENCE {
    @Override
    Optional<String> line(MediaPlaylistWindow window, int skipped) {
      return Optional.of("#EXT-X-MEDIA-SEQUENCE:" + window.mediaSequence());
    }
  },
  /** RFC 8216bis §4.4.3.3. Always written, as any live stream may come to have a discontinuity. */
  DISCONTINUITY_SEQUENCE {
    @Override
    Optional<String> line(MediaPlaylistWindow window, int skipped) {
      return Optional.of("#EXT-X-DISCONTINUITY-SEQUENCE:" + window.discontinuitySequence());
    }
  },
  /** RFC 8216bis §4.4.5.2. */
  SKIP {
    @Override
    Optional<String> line(MediaPlaylistWindow window, int skipped) {
      return skipped == 0
          ? Optional.empty()
          : Optional.of("#EXT-X-SKIP:SKIPPED-SEGMENTS=" + skipped);
    }
  };

  /** Seconds with three decimals. */
  private static String millis(int millis) {
    return BigDecimal.valueOf(millis, 3).toPlainString();
  }

  /**
   * The whole line without its end; empty: not written.
   *
   * @param skipped segments at the front that a delta update leaves out, 0 in a full playlist
   */
  abstract Optional<String> line(MediaPlaylistWindow window, int skipped);
}
