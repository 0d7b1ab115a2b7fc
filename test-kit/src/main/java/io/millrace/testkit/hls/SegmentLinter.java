package io.millrace.testkit.hls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges what is in the segments of a recording: {@link SegmentRule}s, equal starts over the
 * renditions (H10), and measured against declared bandwidth (H13).
 */
public final class SegmentLinter {

  private final List<Violation> violations = new ArrayList<>();

  private SegmentLinter() {}

  public static List<Violation> check(Recording recording) {
    SegmentLinter linter = new SegmentLinter();
    Map<String, Map<Long, SegmentContent>> contents = new LinkedHashMap<>();
    for (RecordedRendition rendition : recording.renditions()) {
      contents.put(rendition.name(), linter.checkRendition(rendition));
    }
    linter.checkStarts(contents);
    linter.checkBandwidth(recording);
    return linter.violations;
  }

  private Map<Long, SegmentContent> checkRendition(RecordedRendition rendition) {
    Map<Long, SegmentContent> byMsn = new TreeMap<>();
    long timeLine = Long.MIN_VALUE;
    for (List<RecordedSegment> period : rendition.periods()) {
      SegmentContent before = null;
      for (RecordedSegment s : period) {
        SegmentContent content = SegmentContent.of(s);
        checkSegment(rendition.name(), before, content);
        if (content.startTicks() < timeLine) {
          add(
              "H15",
              rendition.name(),
              content.uri() + " tfdt goes back to " + content.startTicks());
        }
        timeLine = content.endTicks();
        byMsn.put(s.msn(), content);
        before = content;
      }
    }
    return byMsn;
  }

  private void checkSegment(String name, SegmentContent before, SegmentContent content) {
    for (SegmentRule rule : SegmentRule.values()) {
      rule.check(before, content, (id, text) -> add(id, name, text));
    }
  }

  private void checkStarts(Map<String, Map<Long, SegmentContent>> contents) {
    String first = contents.isEmpty() ? "" : contents.keySet().iterator().next();
    contents.forEach(
        (name, byMsn) ->
            byMsn.forEach((msn, s) -> checkStart(name, s, first, contents.get(first).get(msn))));
  }

  private void checkStart(String name, SegmentContent s, String firstName, SegmentContent first) {
    if (first == null || name.equals(firstName)) {
      return;
    }
    double apart = Math.abs(s.startSeconds() - first.startSeconds());
    if (apart >= Math.max(first.frameSeconds(), s.frameSeconds())) {
      add(
          "H10",
          name,
          String.format(Locale.ROOT, "%s starts %.3f s off that of %s", s.uri(), apart, firstName));
    }
  }

  /** Of segments between half and one and a half target durations (RFC 8216bis §4.4.6.2). */
  private void checkBandwidth(Recording recording) {
    double audio = recording.audio().map(SegmentLinter::peakBps).orElse(0.0);
    recording
        .multivariant()
        .ifPresent(
            m ->
                m.variants()
                    .forEach(
                        v -> {
                          String name = ResourceName.of(v.uri()).rendition();
                          recording.renditions().stream()
                              .filter(r -> r.name().equals(name))
                              .forEach(r -> checkPeak(r, r.audio() ? 0 : audio, v));
                        }));
  }

  private void checkPeak(
      RecordedRendition rendition, double audioBps, MultivariantPlaylist.Variant variant) {
    long declared = MultivariantRule.number(variant, "BANDWIDTH");
    double peak = peakBps(rendition) + audioBps;
    if (declared > 0 && peak > declared) {
      add("H13", rendition.name(), "peak " + Math.round(peak) + " bit/s, declared " + declared);
    }
  }

  private static double peakBps(RecordedRendition rendition) {
    double longest =
        rendition.segments().stream()
            .mapToDouble(s -> s.listed().durationSeconds())
            .max()
            .orElse(0);
    return rendition.segments().stream()
        .filter(s -> s.listed().durationSeconds() >= longest / 2)
        .mapToDouble(s -> s.bytes().length * 8 / s.listed().durationSeconds())
        .max()
        .orElse(0);
  }

  private void add(String ruleId, String rendition, String text) {
    violations.add(new Violation(ruleId, rendition, text));
  }
}
