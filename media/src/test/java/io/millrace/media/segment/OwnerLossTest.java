package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.Codec;
import io.millrace.media.MediaSegment;
import io.millrace.media.MediaUnit;
import io.millrace.media.SegmentRef;
import io.millrace.media.ladder.LadderSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An owner dies at every state that it has persisted; its successor, which has that state and the
 * units that were not acknowledged, makes the rest exactly as an owner that had lived on.
 */
class OwnerLossTest {
  private static final int SLOWEST = 120;
  private static final long WALL_MS = 1_700_000_000_000L;

  static Stream<Arguments> sources() {
    return Stream.of(
        source("two-second GOPs", p -> {}),
        source(
            "B-frames at 29.97 fps",
            p -> {
              p.bFrames = 2;
              p.fps = 29.97;
            }),
        source(
            "44.1 kHz and a GOP of 1.7 s",
            p -> {
              p.audioRate = 44_100;
              p.gopSeconds = 1.7;
            }),
        source(
            "cut by encoder",
            p -> {
              p.bFrames = 2;
              p.gopSeconds = 250 / 30.0;
            }),
        source("long first GOP", p -> p.gopSeconds = 5),
        source("Opus", p -> p.audioCodec = Codec.OPUS),
        source("no audio", p -> p.audio = false),
        source("audio only", p -> p.video = false),
        source(
            "Opus only",
            p -> {
              p.video = false;
              p.audioCodec = Codec.OPUS;
            }),
        Arguments.of("the size changes", sizeChange()),
        Arguments.of("the audio configuration changes", audioChange()),
        Arguments.of("audio 400 ms behind", audioLater(400)),
        Arguments.of("audio 400 ms ahead", audioLater(-400)),
        Arguments.of("five seconds forward", jump(5_000)),
        Arguments.of("an hour forward", jump(3_600_000)),
        Arguments.of("three seconds back", jump(-3_000)),
        Arguments.of("equal timestamps", equalTimestamps()));
  }

  private static List<MediaUnit> sizeChange() {
    Publisher small = new Publisher();
    small.startMs = 20_000;
    small.seconds = 10;
    small.label = "small-";
    small.videoConfig = FakeMuxing.videoConfig(1280, 720, 30, "avc1.64001f");
    List<MediaUnit> units = new ArrayList<>(new Publisher().units());
    for (MediaUnit unit : small.units()) {
      if (unit.isVideo()) {
        units.add(with(unit, 2, unit.dtsMs()));
      } else if (!unit.isConfig()) {
        units.add(unit);
      }
    }
    return Publisher.renumber(units, 0);
  }

  private static List<MediaUnit> audioChange() {
    Publisher other = new Publisher();
    other.startMs = 20_000;
    other.seconds = 10;
    other.audioRate = 44_100;
    other.label = "other-";
    List<MediaUnit> units = new ArrayList<>(new Publisher().units());
    for (MediaUnit unit : other.units()) {
      if (!unit.isVideo()) {
        units.add(with(unit, 2, unit.dtsMs()));
      } else if (!unit.isConfig()) {
        units.add(unit);
      }
    }
    return Publisher.renumber(units, 0);
  }

  /** Audio units arrive that much later than pictures of the same time. */
  private static List<MediaUnit> audioLater(int ms) {
    Publisher publisher = new Publisher();
    publisher.seconds = 30;
    List<MediaUnit> units = new ArrayList<>(publisher.units());
    units.sort(
        Comparator.comparingLong(
            u -> u.isConfig() ? Long.MIN_VALUE : u.dtsMs() + (u.isVideo() ? 0 : ms)));
    return Publisher.renumber(units, 0);
  }

  private static List<MediaUnit> jump(long ms) {
    Publisher publisher = new Publisher();
    publisher.seconds = 30;
    return publisher.units().stream()
        .map(u -> with(u, 1, u.dtsMs() + (u.dtsMs() > 13_500 ? ms : 0)))
        .toList();
  }

  /** As of an encoder with a coarse clock: two pictures share each timestamp. */
  private static List<MediaUnit> equalTimestamps() {
    Publisher publisher = new Publisher();
    publisher.seconds = 30;
    publisher.audio = false;
    publisher.gopSeconds = 61 / 30.0;
    return publisher.units().stream().map(u -> with(u, 1, u.dtsMs() / 66 * 66)).toList();
  }

  private static MediaUnit with(MediaUnit u, int generation, long dtsMs) {
    return new MediaUnit(
        u.seq(),
        u.kind(),
        u.track(),
        u.codec(),
        generation,
        dtsMs,
        u.compositionOffsetMs(),
        u.idr(),
        u.payload());
  }

  private static Arguments source(String name, java.util.function.Consumer<Publisher> change) {
    Publisher publisher = new Publisher();
    publisher.seconds = 30;
    change.accept(publisher);
    return Arguments.of(name, publisher.units());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sources")
  void leavesNoTraceInTheMediaWithALadder(String name, List<MediaUnit> units) {
    loseOwnerAtEveryState(name, units, Harness.LADDER);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sources")
  void leavesNoTraceInTheMediaWithoutALadder(String name, List<MediaUnit> units) {
    loseOwnerAtEveryState(name, units, LadderSettings.off());
  }

  private static void loseOwnerAtEveryState(
      String name, List<MediaUnit> units, LadderSettings ladder) {
    long seed = Long.getLong("millrace.seed", System.nanoTime());
    String what = name + ", seed " + seed;
    Random random = new Random(seed);
    PipelineSettings settings = Harness.settings(ladder);
    Archive undisturbed = undisturbed(settings, units);
    StoredRun first = new StoredRun(settings, 1, Optional.empty(), random, SLOWEST);
    first.harness.workerItemsPerUnit = 2 + random.nextInt(4);
    first.harness.session(1);
    first.harness.startWorker();
    first.feed(units);
    first.end();
    assertSame(what, undisturbed, first.harness.archive);
    for (StoredRun.Persisted at : first.persisted) {
      if (at.state().resume() != null) {
        continueFrom(what, settings, at, units, undisturbed, random, 2);
      }
    }
  }

  /** The successor is lost, too, at one of its own states. */
  private static void continueFrom(
      String what,
      PipelineSettings settings,
      StoredRun.Persisted from,
      List<MediaUnit> units,
      Archive undisturbed,
      Random random,
      int epoch) {
    StoredRun next = new StoredRun(settings, epoch, Optional.of(from.state()), random, SLOWEST);
    next.harness.now = 100_000 * Harness.MS * epoch;
    long needed = next.harness.pipeline.firstNeededSeq();
    String where =
        what
            + ", epoch "
            + epoch
            + ", from "
            + from.state().renditions()
            + " with "
            + from.state().resume()
            + " at unit "
            + needed;
    assertThat(from.acknowledged()).as(where).isLessThan(needed);
    next.harness.pipeline.sessionStarted(1, WALL_MS + 99_000L * epoch, next.harness.now, true);
    next.harness.startWorker();
    next.harness.workerItemsPerUnit = 2 + random.nextInt(8);
    next.feed(units.subList((int) needed, units.size()));
    next.end();
    assertThat(next.harness.archive.presentation.renditions())
        .as(where)
        .extracting("name")
        .isEqualTo(undisturbed.presentation.renditions().stream().map(r -> r.name()).toList());
    for (PipelineState.RenditionProgress progress : from.state().renditions()) {
      List<String> all = undisturbed.dump(progress.name());
      assertSame(
          progress.name() + " of " + where,
          all.subList((int) progress.nextMsn(), all.size()),
          next.harness.archive.dump(progress.name()));
    }
    List<StoredRun.Persisted> states =
        next.persisted.stream().filter(p -> p.state().resume() != null).toList();
    if (epoch < 4 && !states.isEmpty()) {
      StoredRun.Persisted at = states.get(random.nextInt(states.size()));
      continueFrom(what, settings, at, units, undisturbed, random, epoch + 1);
    }
  }

  private static Archive undisturbed(PipelineSettings settings, List<MediaUnit> units) {
    StoredRun run = new StoredRun(settings, 1, Optional.empty(), new Random(0), 0);
    run.harness.session(1);
    run.harness.startWorker();
    run.feed(units);
    run.end();
    run.harness.archive.check(true);
    return run.harness.archive;
  }

  private static void assertSame(String what, Archive expected, Archive actual) {
    for (Map.Entry<String, List<MediaSegment>> entry : expected.segments.entrySet()) {
      String rendition = entry.getKey();
      assertSame(rendition + " of " + what, expected.dump(rendition), actual.dump(rendition));
    }
  }

  private static void assertSame(String what, List<String> expected, List<String> actual) {
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      if (!expected.get(i).equals(actual.get(i))) {
        List<String> wanted = expected.get(i).lines().toList();
        List<String> made = actual.get(i).lines().toList();
        assertThat(made.get(0)).as("%s, segment %d", what, i).isEqualTo(wanted.get(0));
        List<String> missing = new ArrayList<>(wanted);
        missing.removeAll(made);
        List<String> additional = new ArrayList<>(made);
        additional.removeAll(wanted);
        assertThat(missing + " missing, " + additional + " additional")
            .as("%s, segment %d of %d", what, i, expected.size())
            .isEqualTo("[] missing, [] additional");
      }
    }
    assertThat(actual).as(what).hasSameSizeAs(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sources")
  void losesNothingWhereSegmentsEndEarlyToBeHandedOver(String name, List<MediaUnit> units) {
    long seed = Long.getLong("millrace.seed", System.nanoTime());
    Random random = new Random(seed);
    PipelineSettings settings = Harness.settings(Harness.LADDER);
    StoredRun first = new StoredRun(settings, 1, Optional.empty(), random, SLOWEST);
    first.harness.session(1);
    first.harness.startWorker();
    for (int from = 0; from < units.size(); from += 150) {
      first.feed(units.subList(from, Math.min(units.size(), from + 150)));
      if (random.nextInt(3) == 0) {
        first.harness.pipeline.cutEarly();
      }
    }
    first.end();
    for (StoredRun.Persisted at : first.persisted) {
      if (at.state().resume() != null) {
        StoredRun next = new StoredRun(settings, 2, Optional.of(at.state()), random, SLOWEST);
        next.harness.now = 100_000 * Harness.MS;
        next.harness.pipeline.sessionStarted(1, WALL_MS, next.harness.now, true);
        next.harness.startWorker();
        next.feed(units.subList((int) next.harness.pipeline.firstNeededSeq(), units.size()));
        next.end();
        Archive both = first.harness.archive.continuedBy(next.harness.archive, at.state());
        both.check(true);
        for (String rendition : both.segments.keySet()) {
          assertThat(both.labels(rendition))
              .as("%s of %s, seed %d, from %s", rendition, name, seed, at.state())
              .isEqualTo(first.harness.archive.labels(rendition));
        }
      }
    }
  }

  @Test
  void startsANewSessionWhoseOwnerDiedBeforeItsFirstSegmentWithADiscontinuity() {
    PipelineSettings settings = Harness.settings(Harness.LADDER);
    StoredRun first = new StoredRun(settings, 1, Optional.empty(), new Random(1), 0);
    first.harness.session(1);
    first.harness.startWorker();
    List<MediaUnit> units = new Publisher().units();
    first.feed(units.subList(0, 1_100));
    PipelineState before = first.persisted.get(first.persisted.size() - 1).state();

    Publisher again = new Publisher();
    again.label = "again-";
    again.startMs = 77_000;
    StoredRun second = new StoredRun(settings, 2, Optional.of(before), new Random(1), 0);
    second.harness.now = first.harness.now + 3_000 * Harness.MS;
    second.harness.pipeline.sessionStarted(2, WALL_MS + 60_000, second.harness.now, true);
    assertThat(second.harness.pipeline.firstNeededSeq()).isZero();
    second.harness.startWorker();
    second.feed(again.units());
    second.end();
    assertThat(second.harness.pipeline.status().costCores()).isPositive();

    List<SegmentRef> refs = second.harness.archive.refs("source");
    assertThat(refs.stream().filter(SegmentRef::discontinuity)).hasSize(1);
    assertThat(refs.get(0).discontinuity()).isTrue();
    assertThat(second.harness.archive.labels("source")).hasSize(600);
    assertThat(second.harness.archive.labels("480p")).hasSize(600);
  }

  /** The first segment is 0 without parts and 1 with them. */
  @Test
  void breaksBehindSegment0WhenItsSuccessorMakesParts() {
    StoredRun first =
        new StoredRun(Harness.settings(Harness.LADDER), 1, Optional.empty(), new Random(1), 0);
    first.harness.session(1);
    first.harness.startWorker();
    first.feed(new Publisher().units());
    PipelineState before =
        first.persisted.stream()
            .map(StoredRun.Persisted::state)
            .filter(state -> state.renditions().stream().allMatch(line -> line.nextMsn() == 1))
            .findFirst()
            .orElseThrow();

    StoredRun second =
        new StoredRun(
            Harness.settings(Harness.LADDER, Duration.ofMillis(333)),
            2,
            Optional.of(before),
            new Random(1),
            0);
    second.harness.now = first.harness.now + 3_000 * Harness.MS;
    second.harness.pipeline.sessionStarted(2, WALL_MS + 60_000, second.harness.now, false);
    second.harness.startWorker();
    second.feed(new Publisher().units());
    second.end();

    for (String rendition : List.of("source", "480p", "audio")) {
      SegmentRef next = second.harness.archive.refs(rendition).get(0);
      assertThat(next.msn()).isEqualTo(1);
      assertThat(next.discontinuity()).as(rendition).isTrue();
    }
  }

  @Test
  void goesOnWithinTheSameIncarnationFromTheNextUnit() {
    Harness harness = new Harness(Harness.settings(Harness.LADDER));
    harness.session(1);
    List<MediaUnit> units = new Publisher().units();
    harness.feed(units.subList(0, 500));
    assertThat(harness.pipeline.firstNeededSeq()).isEqualTo(500);
  }

  @Test
  void cutsAtTheNextKeyframeWhenItIsToldTo() {
    Harness harness = new Harness(Harness.settings(Harness.LADDER));
    Publisher publisher = new Publisher();
    publisher.gopSeconds = 1;
    List<MediaUnit> units = publisher.units();
    harness.session(1);
    harness.startWorker();
    int at = (int) units.stream().takeWhile(unit -> unit.dtsMs() < 8_500).count();
    harness.feed(units.subList(0, at));
    harness.pipeline.cutEarly();
    harness.feed(units.subList(at, units.size()));
    harness.end();
    harness.archive.check(true);
    List<SegmentRef> refs = new ArrayList<>(harness.archive.refs("source"));
    assertThat(refs.get(2).durationSeconds()).isBetween(0.9, 1.1);
    assertThat(refs).noneMatch(SegmentRef::discontinuity);
    assertThat(harness.archive.labels("720p")).hasSize(600);
  }
}
