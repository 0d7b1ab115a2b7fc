package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaPart;
import io.millrace.media.MediaSegment;
import io.millrace.media.MediaUnit;
import io.millrace.media.PartRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Segments in parts, with the sources of {@link OwnerLossTest}. */
class PartsTest {
  private static final PipelineSettings SETTINGS =
      Harness.settings(Harness.LADDER, Duration.ofMillis(333));
  private static final List<String> IRREGULAR = List.of("equal timestamps", "forward", "back");
  private static final long WALL_MS = 1_700_000_000_000L;

  static Stream<Arguments> sources() {
    return OwnerLossTest.sources();
  }

  private static Harness run(List<MediaUnit> units) {
    Harness harness = new Harness(SETTINGS);
    harness.session(1);
    harness.startWorker();
    harness.feed(units);
    harness.end();
    return harness;
  }

  private static boolean isRegular(String name) {
    return IRREGULAR.stream().noneMatch(name::contains);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sources")
  void makesSegmentsOfAlignedParts(String name, List<MediaUnit> units) {
    Archive archive = run(units).archive;

    archive.check(true);
    PartArchive parts = new PartArchive(archive, isRegular(name));
    parts.check();
    if (isRegular(name)) {
      for (List<MediaSegment> line : archive.segments.values()) {
        assertThat(line.subList(1, line.size()))
            .as(line.get(0).rendition())
            .allMatch(s -> s.ref().gap() || !s.parts().isEmpty());
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sources")
  void losesNoFrameWithTheOwnerAndResumesPartsInTheNextSegment(String name, List<MediaUnit> units) {
    Random random = new Random(Long.getLong("millrace.seed", System.nanoTime()));
    Archive undisturbed = run(units).archive;
    StoredRun first = new StoredRun(SETTINGS, 1, Optional.empty(), random, 60);
    first.harness.session(1);
    first.harness.startWorker();
    first.feed(units);
    first.end();
    List<StoredRun.Persisted> states =
        first.persisted.stream().filter(p -> p.state().resume() != null).toList();
    for (int i = 0; i < states.size(); i += 1 + random.nextInt(4)) {
      continueFrom(name, first.harness.archive, undisturbed, states.get(i).state(), units, random);
    }
  }

  private static void continueFrom(
      String name,
      Archive before,
      Archive undisturbed,
      PipelineState state,
      List<MediaUnit> units,
      Random random) {
    StoredRun next = new StoredRun(SETTINGS, 2, Optional.of(state), random, 60);
    next.harness.now = 100_000 * Harness.MS;
    next.harness.pipeline.sessionStarted(1, WALL_MS, next.harness.now, true);
    next.harness.startWorker();
    next.feed(units.subList((int) next.harness.pipeline.firstNeededSeq(), units.size()));
    next.end();
    Archive both = before.continuedBy(next.harness.archive, state);
    both.check(true);
    new PartArchive(next.harness.archive, isRegular(name)).check();
    long inFlight = state.renditions().stream().mapToLong(r -> r.nextMsn()).max().orElseThrow();
    for (PipelineState.RenditionProgress progress : state.renditions()) {
      String what = progress.name() + " of " + name + " from " + state;
      assertThat(both.labels(progress.name()))
          .as(what)
          .isEqualTo(undisturbed.labels(progress.name()));
      assertThat(next.harness.archive.parts.getOrDefault(progress.name(), List.of()))
          .as(what)
          .allMatch(part -> part.ref().msn() > inFlight);
      if (isRegular(name)) {
        assertThat(next.harness.archive.segments.getOrDefault(progress.name(), List.of()))
            .as(what)
            .allMatch(s -> s.ref().msn() <= inFlight || s.ref().gap() || !s.parts().isEmpty());
      }
    }
    assertThat(next.harness.archive.presentation.partTargetMillis())
        .isEqualTo(undisturbed.presentation.partTargetMillis());
  }

  @Test
  void handsPartsOutAsSoonAsTheyAreWhole() {
    Harness harness = new Harness(SETTINGS);
    harness.session(1);
    harness.startWorker();
    List<MediaUnit> units = new Publisher().units();
    int until = (int) units.stream().takeWhile(u -> u.dtsMs() < 5_750).count();
    harness.feed(units.subList(0, until));

    PartArchive parts = new PartArchive(harness.archive, true);
    assertThat(harness.archive.presentation.partTargetMillis()).isEqualTo(355);
    assertThat(parts.bySegment("source").get(2L)).hasSize(5);
    assertThat(parts.bySegment("audio").get(2L)).hasSize(5);
    assertThat(parts.bySegment("480p").get(2L)).hasSize(4);
  }

  /** The last pictures in decoding order are not the last ones that are shown. */
  @Test
  void makesNoPartTooLongWhereverASessionEnds() {
    Publisher publisher = new Publisher();
    publisher.bFrames = 2;
    publisher.fps = 30;
    List<MediaUnit> units = publisher.units();
    int from = (int) units.stream().takeWhile(u -> u.dtsMs() < 8_000).count();
    for (int count = from; count < from + 90; count++) {
      Archive archive = run(units.subList(0, count)).archive;

      archive.check(true);
      new PartArchive(archive, true).check();
      for (String rendition : List.of("source", "480p")) {
        List<MediaSegment> segments = archive.segments.get(rendition);
        assertThat(segments.get(segments.size() - 1).parts()).as(rendition).isNotEmpty();
      }
    }
  }

  @Test
  void givesRungsAnIdrEachSecondWhereTheSourceHasThemEveryTwo() {
    Archive archive = run(new Publisher().units()).archive;

    for (MediaSegment segment : archive.segments.get("720p").subList(1, 4)) {
      assertThat(segment.parts().stream().filter(PartRef::independent).map(PartRef::index))
          .containsExactly(0, 3, 6, 9);
    }
    for (MediaSegment segment : archive.segments.get("source").subList(1, 4)) {
      assertThat(segment.parts().stream().filter(PartRef::independent).map(PartRef::index))
          .containsExactly(0, 6);
    }
  }

  /** Whenever it dies: what is listed stays, and an IDR leads on from it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("sources")
  void goesOnWithThePartsThatALostWorkerLeft(String name, List<MediaUnit> units) {
    Archive undisturbed = run(units).archive;
    Random random = new Random(Long.getLong("millrace.seed", System.nanoTime()));
    for (int run = 0; run < 40; run++) {
      Harness harness = new Harness(SETTINGS);
      harness.session(1);
      harness.startWorker().dieAfterPackets = 1 + random.nextInt(4_000);
      harness.feed(units);
      harness.end();

      harness.archive.check(true);
      new PartArchive(harness.archive, isRegular(name)).check();
      for (String rendition : undisturbed.segments.keySet()) {
        String what = rendition + " of " + name;
        assertThat(harness.archive.labels(rendition))
            .as(what)
            .isEqualTo(undisturbed.labels(rendition));
        assertThat(listedParts(harness.archive, rendition))
            .as(what)
            .isEqualTo(partsOfSegments(harness.archive, rendition))
            .isEqualTo(listedParts(undisturbed, rendition));
      }
    }
  }

  private static List<String> listedParts(Archive archive, String rendition) {
    return archive.parts.getOrDefault(rendition, List.of()).stream()
        .map(part -> part.ref().name())
        .toList();
  }

  private static List<String> partsOfSegments(Archive archive, String rendition) {
    return archive.segments.get(rendition).stream()
        .flatMap(segment -> segment.parts().stream())
        .map(PartRef::name)
        .toList();
  }

  @Test
  void goesOnWithPartsAtAnIdrWhenTheWorkerIsLost() {
    Harness harness = new Harness(SETTINGS);
    harness.session(1);
    harness.startWorker();
    List<MediaUnit> units = new Publisher().units();
    int until = (int) units.stream().takeWhile(u -> u.dtsMs() < 10_500).count();
    harness.feed(units.subList(0, until));
    harness.pipeline.workerGone();
    harness.startWorker();
    harness.feed(units.subList(until, units.size()));
    harness.end();

    harness.archive.check(true);
    PartArchive parts = new PartArchive(harness.archive, true);
    parts.check();
    assertThat(parts.segmentsWithParts("source")).contains(2L, 3L, 4L);
    assertThat(parts.segmentsWithParts("480p")).contains(2L, 3L, 4L);
    List<MediaPart> inFlight = parts.bySegment("480p").get(3L);
    assertThat(inFlight.stream().filter(p -> p.ref().independent()).map(p -> p.ref().index()))
        .containsExactly(0, 3, 6, 7, 9);
  }

  @Test
  void hasNoPartsWhileFramesAreFarApart() {
    Publisher publisher = new Publisher();
    publisher.seconds = 40;
    List<MediaUnit> units =
        publisher.units().stream()
            .filter(u -> !u.isVideo() || u.isConfig() || u.idr() || slow(u.dtsMs()) == 0)
            .toList();
    Archive archive = run(Publisher.renumber(units, 0)).archive;

    archive.check(true);
    List<Long> with = new PartArchive(archive, false).segmentsWithParts("source");
    assertThat(with).contains(2L, 3L).doesNotContain(4L, 5L, 6L).contains(7L, 8L);
  }

  /** Every 500 ms only, from 9 s to 11 s. */
  private static long slow(long ms) {
    return ms < 9_000 || ms > 11_000 ? 0 : ms % 500 / 40;
  }

  @Test
  void numbersSegmentsFromOneAsPlayersTakeZeroForNone() {
    Archive archive = run(new Publisher().units()).archive;

    assertThat(archive.segments.values()).allMatch(line -> line.get(0).ref().msn() == 1);
  }

  @Test
  void hasNoPartsAtLessThanFiveFramesPerSecond() {
    Publisher publisher = new Publisher();
    publisher.fps = 4;
    Archive archive = run(publisher.units()).archive;

    assertThat(archive.presentation.partTargetMillis()).isZero();
    assertThat(archive.parts).isEmpty();
  }
}
