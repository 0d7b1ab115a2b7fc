package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaPart;
import io.millrace.media.MediaSegment;
import io.millrace.media.PartRef;
import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.RenditionKind;
import io.millrace.media.SegmentRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes a pipeline's output, acts as an instant store, and checks what always has to hold. */
final class Archive implements PipelineOutput {
  final Map<String, List<MediaSegment>> segments = new LinkedHashMap<>();
  final Map<String, List<MediaPart>> parts = new LinkedHashMap<>();
  final Map<String, String> inits = new LinkedHashMap<>();
  final List<String> refusals = new ArrayList<>();
  final List<PipelineNotice> notices = new ArrayList<>();
  final List<long[]> acks = new ArrayList<>();
  Presentation presentation;
  int workersAsked;

  /** Called for each segment; the default store is instant. */
  java.util.function.BiConsumer<String, Long> onSegment = (rendition, msn) -> {};

  @Override
  public void presentation(Presentation p) {
    presentation = p;
  }

  @Override
  public void init(String rendition, String name, byte[] bytes) {
    inits.put(rendition + "/" + name, FakeMuxing.text(bytes));
  }

  @Override
  public void part(MediaPart part) {
    parts.computeIfAbsent(part.rendition(), r -> new ArrayList<>()).add(part);
  }

  @Override
  public void segment(MediaSegment segment) {
    assertThat(presentation).as("presentation before the first segment").isNotNull();
    segments.computeIfAbsent(segment.rendition(), r -> new ArrayList<>()).add(segment);
    onSegment.accept(segment.rendition(), segment.ref().msn());
  }

  @Override
  public void acknowledged(long session, long seq) {
    acks.add(new long[] {session, seq});
  }

  @Override
  public void refused(String diagnosis) {
    refusals.add(diagnosis);
  }

  @Override
  public void workerNeeded() {
    workersAsked++;
  }

  @Override
  public void notice(PipelineNotice notice) {
    notices.add(notice);
  }

  List<SegmentRef> refs(String rendition) {
    return segments.getOrDefault(rendition, List.of()).stream().map(MediaSegment::ref).toList();
  }

  /** The labels of all samples of a rendition, in decoding order. */
  List<String> labels(String rendition) {
    List<String> labels = new ArrayList<>();
    for (MediaSegment segment : segments.getOrDefault(rendition, List.of())) {
      for (String line : samples(segment)) {
        if (line.contains(" ")) {
          labels.add(line.substring(line.lastIndexOf(' ') + 1));
        }
      }
    }
    return labels;
  }

  boolean hasGaps(String rendition) {
    return refs(rendition).stream().anyMatch(SegmentRef::gap);
  }

  /** Everything of a rendition but the epoch, comparable between runs. */
  List<String> dump(String rendition) {
    List<String> dump = new ArrayList<>();
    for (MediaSegment s : segments.getOrDefault(rendition, List.of())) {
      SegmentRef r = s.ref();
      dump.add(
          r.msn()
              + " "
              + r.startTicks()
              + "+"
              + r.durationTicks()
              + " "
              + r.initName()
              + (r.discontinuity() ? " D" : "")
              + (r.gap() ? " GAP" : "")
              + " "
              + r.programDateTimeMs()
              + " "
              + FakeMuxing.text(s.bytes()));
    }
    return dump;
  }

  /** What viewers get when a successor goes on from {@code state}. */
  Archive continuedBy(Archive successor, PipelineState state) {
    Archive both = new Archive();
    both.presentation = successor.presentation;
    both.inits.putAll(inits);
    both.inits.putAll(successor.inits);
    for (PipelineState.RenditionProgress progress : state.renditions()) {
      List<MediaSegment> line =
          both.segments.computeIfAbsent(progress.name(), r -> new ArrayList<>());
      segments.getOrDefault(progress.name(), List.of()).stream()
          .filter(segment -> segment.ref().msn() < progress.nextMsn())
          .forEach(line::add);
      line.addAll(successor.segments.getOrDefault(progress.name(), List.of()));
    }
    return both;
  }

  /** All invariants; {@code complete}: every rendition has the same segments. */
  void check(boolean complete) {
    for (Rendition rendition : presentation.renditions()) {
      checkLine(rendition);
    }
    String lead = presentation.renditions().get(0).name();
    for (Rendition rendition : presentation.renditions()) {
      List<SegmentRef> refs = refs(rendition.name());
      List<SegmentRef> leads = refs(lead);
      if (complete) {
        assertThat(refs).as(rendition.name()).hasSameSizeAs(leads);
      }
      for (int i = 0; i < Math.min(refs.size(), leads.size()); i++) {
        checkAligned(rendition, refs.get(i), leads.get(i));
      }
    }
  }

  private void checkAligned(Rendition rendition, SegmentRef ref, SegmentRef lead) {
    String what = rendition.name() + " " + ref.msn();
    assertThat(ref.msn()).as(what).isEqualTo(lead.msn());
    assertThat(ref.discontinuity()).as(what + " discontinuity").isEqualTo(lead.discontinuity());
    assertThat(ref.programDateTimeMs()).as(what).isEqualTo(lead.programDateTimeMs());
    if (rendition.kind() != RenditionKind.AUDIO && lead.timescale() == ref.timescale()) {
      assertThat(ref.startTicks()).as(what + " start").isEqualTo(lead.startTicks());
      assertThat(ref.durationTicks()).as(what + " duration").isEqualTo(lead.durationTicks());
    }
  }

  private void checkLine(Rendition rendition) {
    SegmentRef before = null;
    for (MediaSegment segment : segments.getOrDefault(rendition.name(), List.of())) {
      SegmentRef ref = segment.ref();
      String what = rendition.name() + " " + ref.msn();
      assertThat(Math.round(ref.durationSeconds()))
          .as(what + " EXTINF")
          .isLessThanOrEqualTo(presentation.targetDurationSeconds());
      assertThat(ref.durationTicks()).as(what).isPositive();
      if (before != null) {
        assertThat(ref.msn()).as(what).isEqualTo(before.msn() + 1);
        long end = before.startTicks() + before.durationTicks();
        if (ref.discontinuity()) {
          if (ref.timescale() == before.timescale()) {
            assertThat(ref.startTicks()).as(what + " tfdt").isGreaterThanOrEqualTo(end);
          }
        } else if (before.gap() && rendition.kind() == RenditionKind.AUDIO) {
          assertThat(ref.startTicks()).as(what + " tfdt").isGreaterThanOrEqualTo(end);
        } else {
          assertThat(ref.startTicks()).as(what + " tfdt").isEqualTo(end);
          if (!ref.gap() && !before.gap()) {
            assertThat(ref.initName()).as(what + " init").isEqualTo(before.initName());
          }
        }
      }
      if (!ref.gap()) {
        assertThat(inits).as(what).containsKey(rendition.name() + "/" + ref.initName());
        checkSamples(what, rendition, segment);
      }
      before = ref;
    }
  }

  /** The lines of all samples of a segment; the first line is where it starts. */
  static List<String> samples(MediaSegment segment) {
    List<String> lines = new ArrayList<>();
    for (String fragment : fragments(segment)) {
      List<String> own = List.of(fragment.split("\n", -1));
      lines.addAll(lines.isEmpty() ? own : own.subList(1, own.size()));
    }
    return lines;
  }

  /** A segment with parts is one fragment per part. */
  static List<String> fragments(MediaSegment segment) {
    List<String> fragments = new ArrayList<>();
    int from = 0;
    for (PartRef part : segment.parts()) {
      byte[] bytes = Arrays.copyOfRange(segment.bytes(), from, from + part.bytes());
      fragments.add(FakeMuxing.text(bytes));
      from += part.bytes();
    }
    return fragments.isEmpty() ? List.of(FakeMuxing.text(segment.bytes())) : fragments;
  }

  private static void checkSamples(String what, Rendition rendition, MediaSegment segment) {
    String[] lines = samples(segment).toArray(String[]::new);
    assertThat(Long.parseLong(lines[0])).as(what).isEqualTo(segment.ref().startTicks());
    long sum = 0;
    for (int i = 1; i < lines.length; i++) {
      long duration = Long.parseLong(lines[i].split(" ", -1)[0]);
      assertThat(duration).as(what).isPositive();
      sum += duration;
    }
    assertThat(sum).as(what + " sum of durations").isEqualTo(segment.ref().durationTicks());
    if (rendition.kind() != RenditionKind.AUDIO) {
      assertThat(lines[1]).as(what + " starts with an IDR shown at tfdt").contains(" 0 sync ");
    }
  }
}
