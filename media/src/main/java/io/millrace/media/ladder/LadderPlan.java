package io.millrace.media.ladder;

import io.millrace.media.worker.RungSettings;
import java.util.List;

/**
 * What is made for one source.
 *
 * @param rungs from the largest to the smallest
 * @param sourceEncoder encoder that stands in for the source when the encoder makes the cuts
 * @param sourceFirst the source is listed first; false where it is not widely playable
 * @param costCores estimated cores for decoding and {@code rungs}
 * @param leftOut names of rungs that would not fit into the free capacity
 */
public record LadderPlan(
    List<RungSettings> rungs,
    RungSettings sourceEncoder,
    boolean sourceFirst,
    double costCores,
    List<String> leftOut) {

  public LadderPlan {
    rungs = List.copyOf(rungs);
    leftOut = List.copyOf(leftOut);
  }
}
