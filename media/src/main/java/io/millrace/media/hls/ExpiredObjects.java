package io.millrace.media.hls;

import java.util.List;

/**
 * Objects that no viewer may ask for any more; the owner deletes them.
 *
 * @param segmentNames media segments
 * @param initNames init segments to which no fetchable segment refers
 */
public record ExpiredObjects(List<String> segmentNames, List<String> initNames) {

  public ExpiredObjects {
    segmentNames = List.copyOf(segmentNames);
    initNames = List.copyOf(initNames);
  }

  public boolean isEmpty() {
    return segmentNames.isEmpty() && initNames.isEmpty();
  }
}
