package io.millrace.media.hls;

import io.millrace.media.PartRef;
import java.util.Optional;

/**
 * The tags of low latency behind the last whole segment, in the order in which they are written.
 */
enum PartTag {
  /** RFC 8216bis §4.4.5.3: the part that comes next; its request is answered when it is whole. */
  PRELOAD_HINT {
    @Override
    Optional<String> line(LowLatencyTags tags) {
      return tags.hint().map(name -> "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"" + name + "\"");
    }
  },
  /** RFC 8216bis §4.4.5.4: how far the other renditions are. */
  RENDITION_REPORT {
    @Override
    Optional<String> line(LowLatencyTags tags) {
      StringBuilder lines = new StringBuilder();
      for (RenditionReport report : tags.reports()) {
        lines.append(lines.length() == 0 ? "" : "\n").append(line(report));
      }
      return Optional.of(lines.toString()).filter(l -> !l.isEmpty());
    }

    private String line(RenditionReport report) {
      return "#EXT-X-RENDITION-REPORT:URI=\"../"
          + report.rendition()
          + "/index.m3u8\",LAST-MSN="
          + report.lastMsn()
          + ",LAST-PART="
          + report.lastPart();
    }
  };

  /** The whole line without its end; empty: not written. */
  abstract Optional<String> line(LowLatencyTags tags);

  /** RFC 8216bis §4.4.4.9. */
  static String part(PartRef part) {
    return "#EXT-X-PART:DURATION="
        + SegmentTag.seconds(part.durationTicks(), part.timescale())
        + ",URI=\""
        + part.name()
        + (part.independent() ? "\",INDEPENDENT=YES" : "\"")
        + (part.gap() ? ",GAP=YES" : "");
  }
}
