package io.millrace.testkit.hls;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A correct media playlist to be broken by tests: segments of 4 s from number {@code first} on. */
final class PlaylistText {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private PlaylistText() {}

  static String media(long first, int count) {
    return media(first, count, 4.0, 4);
  }

  static String media(long first, int count, double seconds, int target) {
    List<String> lines = new ArrayList<>();
    lines.add("#EXTM3U");
    lines.add("#EXT-X-VERSION:6");
    lines.add("#EXT-X-INDEPENDENT-SEGMENTS");
    lines.add("#EXT-X-TARGETDURATION:" + target);
    lines.add("#EXT-X-MEDIA-SEQUENCE:" + first);
    lines.add("#EXT-X-DISCONTINUITY-SEQUENCE:0");
    lines.add("#EXT-X-MAP:URI=\"init-a.mp4\"");
    for (long msn = first; msn < first + count; msn++) {
      lines.add("#EXT-X-PROGRAM-DATE-TIME:" + START.plusMillis(Math.round(msn * seconds * 1000)));
      lines.add(String.format(Locale.ROOT, "#EXTINF:%.6f,", seconds));
      lines.add("1-" + msn + ".m4s");
    }
    return String.join("\n", lines) + "\n";
  }

  static String multivariant() {
    return """
        #EXTM3U
        #EXT-X-VERSION:4
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aud",NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio/index.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=7000000,AVERAGE-BANDWIDTH=4800000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=29.970,AUDIO="aud"
        source/index.m3u8
        #EXT-X-STREAM-INF:BANDWIDTH=4000000,AVERAGE-BANDWIDTH=2900000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="aud"
        720p/index.m3u8
        """;
  }
}
