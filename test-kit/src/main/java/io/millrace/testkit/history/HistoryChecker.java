package io.millrace.testkit.history;

import io.millrace.testkit.hls.FrameExactness;
import io.millrace.testkit.hls.RecordedRendition;
import io.millrace.testkit.hls.RecordedSegment;
import io.millrace.testkit.hls.Recording;
import io.millrace.testkit.hls.RecordingVerifier;
import io.millrace.testkit.hls.ShownFrame;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The invariants of a stream that outlives its owner:
 *
 * <ul>
 *   <li>an epoch has one owner; epochs never go back along the media sequence
 *   <li>the media sequence grows by one per segment on every node and never goes back
 *   <li>a name has one content, a version of a playlist one text, on all nodes
 *   <li>what is listed can be fetched, and no segment is a gap
 *   <li>every frame is shown exactly once in each rendition
 * </ul>
 *
 * Most of it the recorders' shared linter has found already; rule H6, the rhythm of segments, is
 * left out here: a fault may delay one.
 */
public final class HistoryChecker {
  private static final String RHYTHM = "H6";
  private static final double FEW_FRAMES_SECONDS = 0.1;

  private final StreamHistory history;
  private final Expectation expected;
  private final Set<String> problems = new LinkedHashSet<>();
  private final List<Integer> lostAtEnds = new ArrayList<>();

  private HistoryChecker(StreamHistory history, Expectation expected) {
    this.history = history;
    this.expected = expected;
  }

  /**
   * What is wrong and what was lost.
   *
   * @param problems empty when all invariants hold
   * @param lostAtEnds frames at the end of each session that were allowed to be missing and are
   */
  public record Verdict(List<String> problems, List<Integer> lostAtEnds) {}

  public static Verdict check(StreamHistory history, Expectation expected) {
    HistoryChecker checker = new HistoryChecker(history, expected);
    checker.checkAnswers();
    checker.checkOwners();
    checker.checkSequences();
    checker.checkFrames();
    return new Verdict(List.copyOf(checker.problems), List.copyOf(checker.lostAtEnds));
  }

  private void checkAnswers() {
    problems.addAll(history.versionProblems());
    history
        .recordings()
        .forEach(
            (node, recording) -> {
              recording.violations().stream()
                  .filter(violation -> !violation.ruleId().equals(RHYTHM))
                  .forEach(violation -> problems.add(violation.toString()));
              recording.failures().forEach(failure -> problems.add(node + ": " + failure));
            });
  }

  private void checkOwners() {
    Map<Long, Set<String>> owners = new TreeMap<>();
    for (OwnerSighting sighting : history.sightings()) {
      if (!sighting.owner().isEmpty()) {
        owners.computeIfAbsent(sighting.epoch(), e -> new LinkedHashSet<>()).add(sighting.owner());
      }
    }
    owners.forEach(
        (epoch, names) -> {
          if (names.size() > 1) {
            problems.add("epoch " + epoch + " has the owners " + names);
          }
        });
    if (expected.owners() > 0 && history.epochs().size() != expected.owners()) {
      problems.add("segments of epochs " + history.epochs() + ", not of " + expected.owners());
    }
  }

  private void checkSequences() {
    history.recordings().forEach(this::checkSequence);
  }

  private void checkSequence(String node, Recording recording) {
    if (recording.renditions().isEmpty()) {
      problems.add(node + ": nothing was recorded");
    }
    for (RecordedRendition rendition : recording.renditions()) {
      String where = node + "/" + rendition.name();
      if (!history.away().contains(node) && !rendition.missing().isEmpty()) {
        problems.add(where + ": never listed " + rendition.missing());
      }
      List<Long> gaps = gaps(rendition);
      if (!gaps.isEmpty()) {
        problems.add(where + ": gaps at " + gaps);
      }
      if (!history.away().contains(node)
          && rendition.discontinuities().size() != expected.discontinuities()) {
        problems.add(
            where
                + ": discontinuities at "
                + rendition.discontinuities()
                + ", expected "
                + expected.discontinuities());
      }
      checkEpochs(where, rendition.segments());
    }
  }

  /**
   * Where a session is cut off, its last segment may hold a picture or two and no sound: that is a
   * gap of the sound alone. Any other gap is media that was lost.
   */
  private static List<Long> gaps(RecordedRendition rendition) {
    List<RecordedSegment> segments = rendition.segments();
    List<Long> gaps = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      RecordedSegment segment = segments.get(i);
      boolean last = i + 1 == segments.size() || segments.get(i + 1).listed().discontinuity();
      boolean cutOff =
          rendition.audio() && last && segment.listed().durationSeconds() < FEW_FRAMES_SECONDS;
      if (segment.listed().gap() && !cutOff) {
        gaps.add(segment.msn());
      }
    }
    return gaps;
  }

  private void checkEpochs(String where, List<RecordedSegment> segments) {
    long before = 0;
    for (RecordedSegment segment : segments) {
      long epoch = StreamHistory.epochOf(segment.listed().uri());
      if (epoch < before) {
        problems.add(where + ": " + segment.listed().uri() + " after epoch " + before);
      }
      before = epoch;
    }
  }

  private void checkFrames() {
    if (expected.sessions().isEmpty()) {
      return;
    }
    List<RecordedRendition> renditions = history.best().video();
    if (renditions.isEmpty()) {
      problems.add("no video rendition");
    }
    for (RecordedRendition rendition : renditions) {
      List<ShownFrame> shown = RecordingVerifier.frames(rendition);
      FrameExactness.firstDifference(expected.sessions(), shown)
          .ifPresentOrElse(
              difference -> problems.add(rendition.name() + ": " + difference),
              () -> noteLost(FrameExactness.lostAtEnds(expected.sessions(), shown)));
    }
  }

  /** Of several renditions the one that lost most counts. */
  private void noteLost(List<Integer> lost) {
    for (int i = 0; i < lost.size(); i++) {
      if (i == lostAtEnds.size()) {
        lostAtEnds.add(lost.get(i));
      } else {
        lostAtEnds.set(i, Math.max(lostAtEnds.get(i), lost.get(i)));
      }
    }
  }
}
