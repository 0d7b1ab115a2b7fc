package io.millrace.node.stream;

import io.millrace.media.SegmentRef;
import io.millrace.media.hls.RetainedSegment;
import io.millrace.media.hls.WindowState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Objects of an ended stream whose name has been taken by a new one. A player may still be at them:
 * they stay fetchable for the duration of the longest playlist (rule H18, RFC 8216bis §6.2.1).
 *
 * @param segments names of media segments by rendition
 * @param objects names of all that may be fetched, init segments too, by rendition
 * @param holdMs how long from the end on
 */
record Leftovers(
    Map<String, List<String>> segments, Map<String, Set<String>> objects, long holdMs) {

  static final Leftovers NONE = new Leftovers(Map.of(), Map.of(), 0);

  static Leftovers of(Map<String, WindowState> windows) {
    Map<String, List<String>> segments = new HashMap<>();
    Map<String, Set<String>> objects = new HashMap<>();
    double longestSeconds = 0;
    for (Map.Entry<String, WindowState> entry : windows.entrySet()) {
      WindowState window = entry.getValue();
      List<SegmentRef> refs = new ArrayList<>(window.listed());
      longestSeconds =
          Math.max(longestSeconds, refs.stream().mapToDouble(SegmentRef::durationSeconds).sum());
      window.retained().stream().map(RetainedSegment::ref).forEach(refs::add);
      List<String> names = refs.stream().filter(r -> !r.gap()).map(SegmentRef::name).toList();
      Set<String> all = new HashSet<>(names);
      refs.forEach(ref -> all.add(ref.initName()));
      segments.put(entry.getKey(), names);
      objects.put(entry.getKey(), all);
    }
    return new Leftovers(segments, objects, (long) Math.ceil(longestSeconds * 1000));
  }

  boolean isEmpty() {
    return objects.isEmpty();
  }
}
