package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the kills of one server did to one broadcast.
 *
 * @param untilOwnedSeconds from each kill until another node owned the stream; empty for a server
 *     without such a thing
 * @param untilListedSeconds from each kill to the first segment of after it
 * @param longestGapSeconds around each kill, between two new segments in the playlist
 * @param stalledSeconds of the player, after each kill until the next
 * @param frames that a camera took in the time of the broadcast
 * @param framesLost of these, in no segment
 */
record FailoverResult(
    String server,
    List<Double> untilOwnedSeconds,
    List<Double> untilListedSeconds,
    List<Double> longestGapSeconds,
    List<Double> stalledSeconds,
    long frames,
    long framesLost) {

  FailoverResult {
    untilOwnedSeconds = List.copyOf(untilOwnedSeconds);
    untilListedSeconds = List.copyOf(untilListedSeconds);
    longestGapSeconds = List.copyOf(longestGapSeconds);
    stalledSeconds = List.copyOf(stalledSeconds);
  }

  /** Lines for people: median (lowest..highest). */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(server + ", " + untilListedSeconds.size() + " kills");
    if (!untilOwnedSeconds.isEmpty()) {
      lines.add("  owned again after               " + text(untilOwnedSeconds));
    }
    lines.add("  first new segment listed after  " + text(untilListedSeconds));
    lines.add("  longest gap between segments    " + text(longestGapSeconds));
    lines.add(
        "  hls.js stalled                  "
            + (stalledSeconds.isEmpty() ? "not measured (no chromium)" : text(stalledSeconds)));
    lines.add(
        String.format(
            Locale.ROOT, "  frames lost                     %d of %d", framesLost, frames));
    return lines;
  }

  private static String text(List<Double> values) {
    return Figures.of(values).text("%.1f") + " s";
  }
}
