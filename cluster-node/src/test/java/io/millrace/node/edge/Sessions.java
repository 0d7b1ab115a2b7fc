package io.millrace.node.edge;

import io.millrace.http.ViewerCounts;
import io.millrace.http.ViewerSample;
import java.util.Arrays;
import java.util.List;

/** The same playback sessions for every stream. */
public final class Sessions implements ViewerCounts {
  private final List<Long> hashes;

  /**
   * @param hashes ascending
   */
  public Sessions(long... hashes) {
    this.hashes = Arrays.stream(hashes).boxed().toList();
  }

  @Override
  public int count(String streamId) {
    return hashes.size();
  }

  @Override
  public ViewerSample sample(String streamId) {
    return new ViewerSample(hashes.size(), hashes);
  }
}
