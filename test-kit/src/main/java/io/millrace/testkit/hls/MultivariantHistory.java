package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MultivariantPlaylist.Variant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All versions of the multivariant playlist so far: variants are frozen, BANDWIDTH may rise. */
final class MultivariantHistory {
  private final Map<String, Variant> variants = new TreeMap<>();
  private final Set<String> video = new HashSet<>();
  private final Set<String> audio = new HashSet<>();
  private boolean seen;

  boolean seen() {
    return seen;
  }

  /** Names of the video renditions declared so far. */
  Set<String> video() {
    return video;
  }

  boolean isAudio(String rendition) {
    return audio.contains(rendition) || rendition.equals("audio");
  }

  /** Declared peak of a variant in bit/s, 0 if it is not declared. */
  long bandwidthBps(String rendition) {
    Variant v = variants.get(rendition);
    return v == null ? 0 : MultivariantRule.number(v, "BANDWIDTH");
  }

  void accept(MultivariantPlaylist next, Report report) {
    seen = true;
    next.media().forEach(m -> audio.add(ResourceName.of(m.uri()).rendition()));
    for (Variant v : next.variants()) {
      String name = ResourceName.of(v.uri()).rendition();
      if (v.hasVideo()) {
        video.add(name);
      }
      Variant before = variants.put(name, v);
      if (before != null) {
        checkFrozen(before, v, report);
      }
    }
  }

  private static void checkFrozen(Variant before, Variant v, Report report) {
    if (!frozen(before).equals(frozen(v))) {
      report.add("H13", v.uri() + " changed from " + frozen(before) + " to " + frozen(v));
    }
    long was = MultivariantRule.number(before, "BANDWIDTH");
    long is = MultivariantRule.number(v, "BANDWIDTH");
    if (is != was && is < was * 5 / 4) {
      report.add("H13", v.uri() + " BANDWIDTH from " + was + " to " + is + " (expected: +25 %)");
    }
  }

  private static Map<String, String> frozen(Variant v) {
    Map<String, String> attributes = new HashMap<>(v.attributes());
    attributes.remove("BANDWIDTH");
    attributes.remove("AVERAGE-BANDWIDTH");
    return attributes;
  }
}
