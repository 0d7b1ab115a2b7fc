package io.millrace.media.ladder;

import java.util.List;

/**
 * The configured ladder.
 *
 * @param rungs from the largest to the smallest, names and sizes distinct; empty switches
 *     transcoding of video off
 */
public record LadderSettings(List<LadderRung> rungs) {

  public LadderSettings {
    rungs = List.copyOf(rungs);
    for (int i = 1; i < rungs.size(); i++) {
      int larger = rungs.get(i - 1).shorterSidePixels();
      int smaller = rungs.get(i).shorterSidePixels();
      if (smaller >= larger) {
        throw new IllegalArgumentException(
            "rungs: " + smaller + " after " + larger + " (expected: falling sizes)");
      }
    }
    if (rungs.stream().map(LadderRung::name).distinct().count() != rungs.size()) {
      throw new IllegalArgumentException("rungs: a name twice (expected: distinct names)");
    }
  }

  public static LadderSettings off() {
    return new LadderSettings(List.of());
  }
}
