package io.millrace.media.hls;

import io.millrace.media.SegmentRef;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The lines of one segment of a media playlist, in the order in which they are written. */
enum SegmentTag {
  /** RFC 8216bis §4.4.4.3; before MAP, which belongs to what follows the discontinuity. */
  DISCONTINUITY {
    @Override
    Optional<String> line(SegmentRef segment, String mapInForce) {
      return segment.discontinuity() ? Optional.of("#EXT-X-DISCONTINUITY") : Optional.empty();
    }
  },
  /** RFC 8216bis §4.4.4.5; only where it changes. */
  MAP {
    @Override
    Optional<String> line(SegmentRef segment, String mapInForce) {
      return segment.initName().isEmpty() || segment.initName().equals(mapInForce)
          ? Optional.empty()
          : Optional.of(map(segment.initName()));
    }
  },
  /** RFC 8216bis §4.4.4.6; UTC with milliseconds. */
  PROGRAM_DATE_TIME {
    @Override
    Optional<String> line(SegmentRef segment, String mapInForce) {
      return Optional.of(programDateTime(segment.programDateTimeMs()));
    }
  },
  /** RFC 8216bis §4.4.4.7. */
  GAP {
    @Override
    Optional<String> line(SegmentRef segment, String mapInForce) {
      return segment.gap() ? Optional.of("#EXT-X-GAP") : Optional.empty();
    }
  },
  /** RFC 8216bis §4.4.4.1; microseconds, so that the sum over a day stays within one frame. */
  EXTINF {
    @Override
    Optional<String> line(SegmentRef segment, String mapInForce) {
      return Optional.of("#EXTINF:" + seconds(segment.durationTicks(), segment.timescale()) + ",");
    }
  },
  /** RFC 8216bis §4.4.4: the URI line, relative to the playlist. */
  URI {
    @Override
    Optional<String> line(SegmentRef segment, String mapInForce) {
      return Optional.of(segment.name());
    }
  };

  private static final DateTimeFormatter UTC_MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  static String programDateTime(long unixMs) {
    return "#EXT-X-PROGRAM-DATE-TIME:" + UTC_MILLIS.format(Instant.ofEpochMilli(unixMs));
  }

  static String map(String initName) {
    return "#EXT-X-MAP:URI=\"" + initName + "\"";
  }

  /** Six decimals. */
  static String seconds(long ticks, int timescale) {
    return BigDecimal.valueOf(ticks)
        .divide(BigDecimal.valueOf(timescale), 6, RoundingMode.HALF_UP)
        .toPlainString();
  }

  /**
   * The whole line without its end; empty: not written.
   *
   * @param mapInForce init segment of the segment before, empty before the first
   */
  abstract Optional<String> line(SegmentRef segment, String mapInForce);
}
