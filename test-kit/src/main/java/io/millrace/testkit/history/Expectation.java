package io.millrace.testkit.history;

import io.millrace.testkit.hls.FrameExactness;
import java.util.List;

/**
 * What a history has to agree with.
 *
 * @param sessions frames of each publisher session that have to be shown; empty: frames are not
 *     compared
 * @param discontinuities in each rendition
 * @param owners how many incarnations listed segments; 0 for any number
 */
public record Expectation(List<FrameExactness.Session> sessions, int discontinuities, int owners) {

  public Expectation {
    sessions = List.copyOf(sessions);
  }
}
