package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the kills of one server did to one broadcast.
 *
 * @param untilListedSeconds from each kill to the first segment of after it
 * @param longestGapSeconds around each kill, between two new segments in the playlist
 * @param stalledSeconds of the player, after each kill until the next
 * @param framesSent handed to the server
 * @param framesLost of these, never shown
 */
record FailoverResult(
    String server,
    List<Double> untilListedSeconds,
    List<Double> longestGapSeconds,
    List<Double> stalledSeconds,
    long framesSent,
    long framesLost) {

  FailoverResult {
    untilListedSeconds = List.copyOf(untilListedSeconds);
    longestGapSeconds = List.copyOf(longestGapSeconds);
    stalledSeconds = List.copyOf(stalledSeconds);
  }

  /** Lines for people: median (lowest..highest). */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(server + ", " + untilListedSeconds.size() + " kills");
    lines.add("  first new segment listed after  " + text(untilListedSeconds));
    lines.add("  longest gap between segments    " + text(longestGapSeconds));
    lines.add(
        "  hls.js stalled                  "
            + (stalledSeconds.isEmpty() ? "not measured (no chromium)" : text(stalledSeconds)));
    lines.add(
        String.format(
            Locale.ROOT, "  frames lost                     %d of %d", framesLost, framesSent));
    return lines;
  }

  private static String text(List<Double> values) {
    return Figures.of(values).text("%.1f") + " s";
  }
}
