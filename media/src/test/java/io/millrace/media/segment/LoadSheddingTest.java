package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaUnit;
import io.millrace.media.SegmentRef;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadSheddingTest {
  private static final int UNITS_PER_TICK = 8;

  private final Publisher publisher = new Publisher();
  private Harness harness;
  private long startNanos;
  private int fed;

  @BeforeEach
  void startSession() {
    publisher.audio = false;
    publisher.seconds = 300;
    harness = new Harness(Harness.settings(Harness.LADDER));
    startNanos = harness.now;
    harness.session(1);
    harness.startWorker();
  }

  /** Feeds up to a media time; the worker does so many units, given the number, after each. */
  private void feed(List<MediaUnit> units, double untilSeconds, LongUnaryOperator workAt) {
    while (fed < units.size() && units.get(fed).dtsMs() < untilSeconds * 1000) {
      MediaUnit unit = units.get(fed);
      harness.now = Math.max(harness.now, startNanos + unit.dtsMs() * Harness.MS);
      harness.pipeline.unit(unit, harness.now);
      harness.runWorker((int) workAt.applyAsLong(fed));
      fed++;
      if (fed % UNITS_PER_TICK == 0) {
        harness.pipeline.tick(harness.now);
      }
    }
  }

  private void loseWorker() {
    harness.pipeline.workerGone();
    harness.worker = null;
  }

  private List<String> noticeCodes() {
    return harness.archive.notices.stream().map(PipelineNotice::code).toList();
  }

  @Test
  void losesNoFrameWhileARestartedWorkerCatchesUp() {
    List<MediaUnit> units = publisher.units();
    for (double at = 14; at < 18; at += 0.5) {
      startSession();
      fed = 0;
      feed(units, at, n -> 10);
      harness.worker.silent = true;
      feed(units, at + 3, n -> 0);
      loseWorker();
      feed(units, at + 6, n -> 0);
      harness.startWorker();
      feed(units, 60, n -> n % 5 == 0 ? 2 : 1);
      feed(units, 80, n -> 10);
      harness.end();
      assertThat(noticeCodes()).as("worker lost at " + at + " s").isEmpty();
      for (String rendition : List.of("source", "720p", "480p")) {
        assertThat(harness.archive.hasGaps(rendition)).isFalse();
        assertThat(harness.archive.labels(rendition)).hasSize(2400).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void shedsLoadWhenARestartedWorkerDoesNotCatchUp() {
    List<MediaUnit> units = publisher.units();
    feed(units, 15, n -> 10);
    loseWorker();
    feed(units, 21, n -> 0);
    harness.startWorker();
    feed(units, 27, n -> 1);
    assertThat(noticeCodes()).isEmpty();
    feed(units, 40, n -> 1);
    assertThat(noticeCodes()).contains("shed.down");
  }

  @Test
  void shedsLoadAtOnceWhenTheReplayIsBeyondTheLagLimit() {
    List<MediaUnit> units = publisher.units();
    feed(units, 15, n -> 10);
    loseWorker();
    feed(units, 43, n -> 0);
    harness.startWorker();
    feed(units, 49, n -> 2);
    assertThat(noticeCodes()).contains("shed.down");
  }

  @Test
  void suspendsNoMoreThanTheRungThatIsTooSlow() {
    List<MediaUnit> units = publisher.units();
    feed(units, 60, n -> harness.worker.active("720p") ? (n % 3 == 0 ? 1 : 0) : 10);
    harness.end();
    assertThat(harness.archive.notices)
        .containsExactly(
            new PipelineNotice("shed.down", "Too little CPU: 720p thinned."),
            new PipelineNotice("shed.down", "Too little CPU: 720p suspended."));
    assertThat(harness.archive.hasGaps("720p")).isTrue();
    assertThat(harness.archive.hasGaps("480p")).isFalse();
    assertThat(harness.archive.labels("480p")).hasSize(1800).doesNotHaveDuplicates();
  }

  @Test
  void leavesOutWholeGopsWhenDecodingAloneIsTooMuch() {
    List<MediaUnit> units = publisher.units();
    feed(units, 120, n -> n % 10 == 0 ? 1 : 0);
    assertThat(harness.pipeline.status().counters().get("shed.dropped-units")).isGreaterThan(60);
    feed(units, 300, n -> 10);
    harness.end();
    harness.archive.check(true);
    assertThat(harness.archive.hasGaps("source")).isFalse();
    assertThat(harness.archive.labels("source")).hasSize(9000);
    for (String rung : List.of("720p", "480p")) {
      assertWholeSegmentsOrGaps(rung);
    }
  }

  /** What a rung shows is its segments of 4 s, each with all frames or half of them. */
  private void assertWholeSegmentsOrGaps(String rung) {
    List<SegmentRef> refs = harness.archive.refs(rung);
    assertThat(refs).anyMatch(SegmentRef::gap);
    assertThat(refs.get(refs.size() - 1).gap()).isFalse();
    assertThat(harness.archive.labels(rung)).doesNotHaveDuplicates();
    long shown = refs.stream().filter(ref -> !ref.gap()).count();
    assertThat(harness.archive.labels(rung).size()).isBetween((int) shown * 60, (int) shown * 120);
  }

  @Test
  void triesFullRateLessAndLessOftenUnderASteadyOverload() {
    publisher.seconds = 600;
    List<MediaUnit> units = publisher.units();
    List<Double> tries = new ArrayList<>();
    for (double at = 1; at <= 600; at++) {
      feed(units, at, n -> isThinned() ? 10 : n % 10 < 8 ? 1 : 0);
      while (tries.size() < noticeCodes().stream().filter("shed.up"::equals).count()) {
        tries.add(at);
      }
    }
    assertThat(noticeCodes()).startsWith("shed.down", "shed.up", "shed.down", "shed.up");
    assertThat(tries).hasSizeBetween(5, 9);
    for (int i = 2; i < tries.size(); i++) {
      double before = tries.get(i - 1) - tries.get(i - 2);
      assertThat(tries.get(i) - tries.get(i - 1))
          .as("tries at %s", tries)
          .isGreaterThan(before - 5);
    }
    assertThat(harness.archive.hasGaps("720p")).isFalse();
  }

  private boolean isThinned() {
    return harness.pipeline.status().renditions().stream()
        .anyMatch(rendition -> rendition.state().equals("thinned"));
  }

  @Test
  void shedsLoadInOrderAndTakesItBack() {
    List<String> steps = new ArrayList<>();
    int n = 0;
    for (MediaUnit unit : publisher.units()) {
      harness.now = Math.max(harness.now, (1_000 + unit.dtsMs()) * Harness.MS);
      harness.pipeline.unit(unit, harness.now);
      boolean slow = unit.dtsMs() < 100_000;
      harness.runWorker(slow ? n % 10 < 7 ? 1 : 0 : 10);
      n++;
      if (n % 8 == 0) {
        harness.pipeline.tick(harness.now);
        String now =
            harness.pipeline.status().renditions().stream()
                .filter(r -> r.kind().equals("rung"))
                .map(r -> r.name() + "=" + r.state())
                .toList()
                .toString();
        if (steps.isEmpty() || !steps.get(steps.size() - 1).equals(now)) {
          steps.add(now);
        }
      }
    }
    harness.end();
    harness.archive.check(true);
    assertThat(steps)
        .containsSubsequence(
            "[720p=active, 480p=active]",
            "[720p=thinned, 480p=active]",
            "[720p=suspended, 480p=active]",
            "[720p=suspended, 480p=suspended]",
            "[720p=suspended, 480p=active]",
            "[720p=thinned, 480p=active]",
            "[720p=active, 480p=active]");
    assertThat(harness.archive.notices)
        .extracting(PipelineNotice::text)
        .contains("Too little CPU: 720p suspended, 480p suspended.")
        .endsWith(
            "Too little CPU: 720p thinned.", "Enough CPU again: all renditions are complete.");
    assertThat(harness.archive.hasGaps("source")).isFalse();
    assertThat(harness.archive.labels("source")).hasSize(9000);
    List<SegmentRef> top = harness.archive.refs("720p");
    assertThat(top.get(top.size() - 1).gap()).isFalse();
    assertThat(top.stream().filter(SegmentRef::gap).mapToDouble(SegmentRef::durationSeconds).sum())
        .isGreaterThanOrEqualTo(60);
  }
}
