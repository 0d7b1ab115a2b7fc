package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaUnit;
import io.millrace.media.SegmentRef;
import io.millrace.media.TrackKind;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An owner is lost, and of what was not durable the relay has not kept everything: whole GOPs are
 * missing. {@code -Dmillrace.seed} repeats a run.
 */
class RelayHoleTest {
  private static final int SLOWEST = 120;
  private static final long WALL_MS = 1_700_000_000_000L;

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.millrace.media.segment.OwnerLossTest#sources")
  void marksUnitsThatTheRelayCouldNotKeep(String name, List<MediaUnit> units) {
    long seed = Long.getLong("millrace.seed", System.nanoTime());
    Random random = new Random(seed);
    PipelineSettings settings = Harness.settings(Harness.LADDER);
    StoredRun first = new StoredRun(settings, 1, Optional.empty(), random, SLOWEST);
    first.harness.session(1);
    first.harness.startWorker();
    first.feed(units.subList(0, units.size() * 2 / 3));
    StoredRun.Persisted at = first.persisted.get(random.nextInt(first.persisted.size()));
    StoredRun next = new StoredRun(settings, 2, Optional.of(at.state()), random, SLOWEST);
    next.harness.now = first.harness.now + 3_000 * Harness.MS;
    next.harness.pipeline.sessionStarted(1, WALL_MS + 60_000, next.harness.now, true);
    next.harness.startWorker();
    int needed = (int) next.harness.pipeline.firstNeededSeq();
    int kept = needed + 1 + random.nextInt(lastGop(units) - needed);
    while (!startsAGop(units, kept)) {
      kept++;
    }
    for (MediaUnit config : configs(units.subList(needed, kept))) {
      next.harness.feed(List.of(config));
    }
    next.harness.pipeline.dropped(next.harness.now);
    next.feed(units.subList(kept, units.size()));
    next.end();
    Archive both = first.harness.archive.continuedBy(next.harness.archive, at.state());
    String what = name + ", seed " + seed + ", kept from " + kept + ", " + at.state();
    String lead = both.presentation.renditions().get(0).name();
    long before = at.state().renditions().stream().mapToLong(r -> r.nextMsn()).max().orElseThrow();
    assertThat(both.refs(lead)).as(what).anyMatch(r -> r.msn() == before && r.discontinuity());
    both.check(true);
    for (String rendition : both.segments.keySet()) {
      assertThat(both.labels(rendition)).as("%s of %s", rendition, what).doesNotHaveDuplicates();
    }
  }

  /** A unit with which a relay that drops whole GOPs can go on. */
  private static boolean startsAGop(List<MediaUnit> units, int at) {
    MediaUnit unit = units.get(at);
    return !unit.isConfig() && (!hasVideo(units) || (unit.isVideo() && unit.idr()));
  }

  /** The newest of each track: what a relay sends of units that it could not keep. */
  private static Collection<MediaUnit> configs(List<MediaUnit> lost) {
    Map<TrackKind, MediaUnit> newest = new EnumMap<>(TrackKind.class);
    lost.stream().filter(MediaUnit::isConfig).forEach(unit -> newest.put(unit.track(), unit));
    return newest.values();
  }

  private static int lastGop(List<MediaUnit> units) {
    int last = units.size() - 1;
    while (!startsAGop(units, last)) {
      last--;
    }
    return last;
  }

  @Test
  void goesOnWithTheFirstPictureThatTheRelayKeptHoweverFarItIs() {
    PipelineSettings settings = Harness.settings(Harness.LADDER);
    List<MediaUnit> units = new Publisher().units();
    StoredRun first = new StoredRun(settings, 1, Optional.empty(), new Random(1), 0);
    first.harness.session(1);
    first.harness.startWorker();
    first.feed(units.subList(0, units.size() / 3));
    PipelineState state = first.persisted.get(first.persisted.size() - 1).state();
    StoredRun next = new StoredRun(settings, 2, Optional.of(state), new Random(1), 0);
    next.harness.now = first.harness.now + 3_000 * Harness.MS;
    next.harness.pipeline.sessionStarted(1, WALL_MS + 60_000, next.harness.now, true);
    next.harness.startWorker();
    int kept = lastGop(units);
    assertThat(units.get(kept).dtsMs() - units.get(units.size() / 3).dtsMs()).isGreaterThan(10_000);

    next.harness.pipeline.dropped(next.harness.now);
    next.feed(units.subList(kept, units.size()));
    next.end();

    List<SegmentRef> refs = next.harness.archive.refs("source");
    assertThat(refs).hasSize(1);
    assertThat(refs.get(0).discontinuity()).isTrue();
  }

  private static boolean hasVideo(List<MediaUnit> units) {
    return units.stream().anyMatch(MediaUnit::isVideo);
  }
}
