package io.millrace.bench.crowd;

import io.millrace.bench.load.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What all viewers saw. */
final class CrowdFigures {
  private final Map<String, Integer> errors = new TreeMap<>();

  /** From a viewer's first packet until it has something of everything to play. */
  final Samples joins = new Samples();

  /** Playlists that were not to be waited for: from request to end of answer. */
  final Samples playlists = new Samples();

  /** Those of them that were asked for when all viewers had come and had time to settle. */
  final Samples settledPlaylists = new Samples();

  /**
   * Blocking reloads: behind the first viewer who got that version, or behind their own request.
   */
  final Samples reloads = new Samples();

  /** Objects: from request to end of answer. */
  final Samples downloads = new Samples();

  /** Objects that appeared while the viewer watched: behind the first listing anywhere. */
  final Samples behind = new Samples();

  /** Pictures or sound that came after it should have been played. */
  final Samples stalls = new Samples();

  /** The client's own delay: how late its timers are, all of the above have it in them. */
  final Samples clientLags = new Samples();

  long requests;
  long bytes;
  int connections;
  int joined;

  /** When the viewers have settled. */
  long settledNanos = Long.MAX_VALUE;

  void playlist(Answer answer) {
    long nanos = answer.endNanos() - answer.sentNanos();
    playlists.add(nanos);
    if (answer.sentNanos() - settledNanos > 0) {
      settledPlaylists.add(nanos);
    }
  }

  void error(String what) {
    errors.merge(what, 1, Integer::sum);
  }

  int errorCount() {
    return errors.values().stream().mapToInt(Integer::intValue).sum();
  }

  List<String> lines(int viewers, double seconds) {
    List<String> lines = new ArrayList<>();
    lines.add("  errors " + errorCount() + (errors.isEmpty() ? "" : " " + errors));
    lines.add(
        String.format(
            Locale.ROOT,
            "  %d of %d viewers play; %.0f requests/s, %.0f Mbit/s on average",
            joined,
            viewers,
            requests / seconds,
            bytes * 8e-6 / seconds));
    lines.add("  join to play        " + joins.text());
    lines.add("  playlists           " + playlists.text());
    lines.add("  ... settled         " + settledPlaylists.text());
    lines.add("  blocking reloads    " + reloads.text());
    lines.add("  downloads           " + downloads.text());
    lines.add("  behind listing      " + behind.text());
    lines.add("  stalls              " + stalls.text());
    lines.add("  the client's delay  " + clientLags.text());
    return lines;
  }
}
