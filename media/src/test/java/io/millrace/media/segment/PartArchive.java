package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaPart;
import io.millrace.media.MediaSegment;
import io.millrace.media.PartRef;
import io.millrace.media.Rendition;
import io.millrace.media.RenditionKind;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What always has to hold of an archive's parts. */
final class PartArchive {
  private static final double SHORTEST = 0.85;
  private static final double TWO_MS = 0.0021;

  private final Archive archive;
  private final boolean regular;

  /**
   * @param regular the source's frames come evenly: no part breaks a rule
   */
  PartArchive(Archive archive, boolean regular) {
    this.archive = archive;
    this.regular = regular;
  }

  void check() {
    for (Rendition rendition : archive.presentation.renditions()) {
      Map<Long, List<MediaPart>> parts = bySegment(rendition.name());
      for (MediaSegment segment : archive.segments.getOrDefault(rendition.name(), List.of())) {
        if (!segment.parts().isEmpty()) {
          checkSegment(rendition, segment, parts.get(segment.ref().msn()));
        }
      }
    }
    checkAligned();
  }

  Map<Long, List<MediaPart>> bySegment(String rendition) {
    return archive.parts.getOrDefault(rendition, List.of()).stream()
        .collect(Collectors.groupingBy(p -> p.ref().msn(), TreeMap::new, Collectors.toList()));
  }

  /** Numbers of the segments that have parts. */
  List<Long> segmentsWithParts(String rendition) {
    return archive.segments.getOrDefault(rendition, List.of()).stream()
        .filter(s -> !s.parts().isEmpty())
        .map(s -> s.ref().msn())
        .toList();
  }

  private void checkSegment(Rendition rendition, MediaSegment segment, List<MediaPart> parts) {
    String what = rendition.name() + " " + segment.ref().msn();
    assertThat(parts.stream().map(MediaPart::ref).toList()).as(what).isEqualTo(segment.parts());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long ticks = 0;
    for (int i = 0; i < parts.size(); i++) {
      MediaPart part = parts.get(i);
      bytes.writeBytes(part.bytes());
      ticks += part.ref().durationTicks();
      checkPart(what + "." + i, rendition, part, i, segment);
      assertThat(part.last() || i < parts.size() - 1 || rendition.kind() == RenditionKind.AUDIO)
          .as(what + " last part says so")
          .isTrue();
    }
    assertThat(bytes.toByteArray()).as(what).isEqualTo(segment.bytes());
    assertThat(ticks).as(what + " durations").isEqualTo(segment.ref().durationTicks());
  }

  private void checkPart(
      String what, Rendition rendition, MediaPart part, int index, MediaSegment segment) {
    PartRef ref = part.ref();
    assertThat(ref.index()).as(what).isEqualTo(index);
    assertThat(ref.name())
        .as(what)
        .isEqualTo(part.epoch() + "-" + ref.msn() + "." + index + ".m4s");
    assertThat(ref.bytes()).as(what).isEqualTo(part.bytes().length);
    assertThat(part.parent())
        .as(what)
        .isEqualTo(
            new MediaPart.Parent(
                segment.ref().initName(),
                segment.ref().discontinuity(),
                segment.ref().programDateTimeMs()));
    String first = FakeMuxing.text(part.bytes()).split("\n", -1)[1];
    boolean audio = rendition.kind() == RenditionKind.AUDIO;
    assertThat(ref.independent()).as(what).isEqualTo(audio || first.contains(" sync "));
    assertThat(index > 0 || ref.independent()).as(what + " is independent").isTrue();
    double target = archive.presentation.partTargetMillis() / 1e3;
    if (regular) {
      assertThat(ref.durationSeconds()).as(what).isLessThanOrEqualTo(target);
      if (index < segment.parts().size() - 1) {
        assertThat(ref.durationSeconds()).as(what).isGreaterThanOrEqualTo(SHORTEST * target);
      }
    }
  }

  private void checkAligned() {
    String lead = archive.presentation.renditions().get(0).name();
    Map<Long, MediaSegment> leads = new HashMap<>();
    archive.segments.getOrDefault(lead, List.of()).forEach(s -> leads.put(s.ref().msn(), s));
    for (Rendition rendition : archive.presentation.renditions()) {
      for (MediaSegment own : archive.segments.getOrDefault(rendition.name(), List.of())) {
        if (leads.containsKey(own.ref().msn())) {
          checkAligned(rendition, own, leads.get(own.ref().msn()));
        }
      }
    }
  }

  private static void checkAligned(Rendition rendition, MediaSegment own, MediaSegment lead) {
    if (own.parts().isEmpty() || lead.parts().isEmpty()) {
      return;
    }
    String what = rendition.name() + " " + own.ref().msn();
    boolean audio = rendition.kind() == RenditionKind.AUDIO;
    if (!audio) {
      assertThat(own.parts()).as(what).hasSameSizeAs(lead.parts());
    }
    List<Double> ends = ends(own);
    List<Double> leads = ends(lead);
    for (int i = 0; i < Math.min(ends.size(), leads.size()) - 1; i++) {
      double tolerance = audio ? 0.07 : TWO_MS;
      assertThat(ends.get(i))
          .as(what + " part " + i)
          .isBetween(leads.get(i) - tolerance, leads.get(i) + tolerance);
    }
  }

  private static List<Double> ends(MediaSegment segment) {
    List<Double> ends = new ArrayList<>();
    double at = (double) segment.ref().startTicks() / segment.ref().timescale();
    for (PartRef part : segment.parts()) {
      at += part.durationSeconds();
      ends.add(at);
    }
    return ends;
  }
}
