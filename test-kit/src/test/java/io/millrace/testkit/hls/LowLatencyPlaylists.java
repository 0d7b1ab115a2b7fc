package io.millrace.testkit.hls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Correct playlists with parts of 1 s in segments of 4 s, to be broken by tests. */
final class LowLatencyPlaylists {
  private static final int PARTS = 4;

  private LowLatencyPlaylists() {}

  /**
   * @param first number of the first segment
   * @param count whole segments
   * @param open parts of the next one
   */
  static String playlist(long first, int count, int open) {
    List<String> lines = new ArrayList<>(head(6, first));
    lines.add("#EXT-X-MAP:URI=\"init-a.mp4\"");
    for (long msn = first; msn < first + count; msn++) {
      segment(lines, msn, first + count - msn <= 3);
    }
    return end(lines, first + count, open);
  }

  /** The same as a delta update that skips all but seven. */
  static String delta(long first, int count, int open) {
    List<String> lines = new ArrayList<>(head(9, first));
    int skipped = count - 7;
    lines.add("#EXT-X-SKIP:SKIPPED-SEGMENTS=" + skipped);
    lines.add("#EXT-X-MAP:URI=\"init-a.mp4\"");
    for (long msn = first + skipped; msn < first + count; msn++) {
      segment(lines, msn, first + count - msn <= 3);
    }
    return end(lines, first + count, open);
  }

  private static List<String> head(int version, long first) {
    return List.of(
        "#EXTM3U",
        "#EXT-X-VERSION:" + version,
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-TARGETDURATION:4",
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=3.060,HOLD-BACK=12.0,"
            + "CAN-SKIP-UNTIL=24.0",
        "#EXT-X-PART-INF:PART-TARGET=1.020",
        "#EXT-X-MEDIA-SEQUENCE:" + first,
        "#EXT-X-DISCONTINUITY-SEQUENCE:0");
  }

  private static void segment(List<String> lines, long msn, boolean parts) {
    date(lines, msn);
    for (int i = 0; parts && i < PARTS; i++) {
      part(lines, msn, i);
    }
    lines.add("#EXTINF:4.000000,");
    lines.add("1-" + msn + ".m4s");
  }

  private static void date(List<String> lines, long msn) {
    lines.add("#EXT-X-PROGRAM-DATE-TIME:" + PlaylistText.START.plusSeconds(4 * msn));
  }

  private static void part(List<String> lines, long msn, int index) {
    lines.add(
        String.format(
            Locale.ROOT,
            "#EXT-X-PART:DURATION=1.000000,URI=\"1-%d.%d.m4s\"%s",
            msn,
            index,
            index == 0 ? ",INDEPENDENT=YES" : ""));
  }

  private static String end(List<String> lines, long msn, int open) {
    if (open > 0) {
      date(lines, msn);
    }
    for (int i = 0; i < open; i++) {
      part(lines, msn, i);
    }
    lines.add("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"1-" + msn + "." + open + ".m4s\"");
    lines.add(
        "#EXT-X-RENDITION-REPORT:URI=\"../720p/index.m3u8\",LAST-MSN="
            + (open > 0 ? msn : msn - 1)
            + ",LAST-PART="
            + (open > 0 ? open - 1 : PARTS - 1));
    return String.join("\n", lines) + "\n";
  }
}
