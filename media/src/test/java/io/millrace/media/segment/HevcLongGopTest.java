package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.SegmentRef;
import io.millrace.media.ladder.LadderSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The encoder makes H.264: it must not stand in for a source that is declared as HEVC. */
class HevcLongGopTest {
  private static final List<String> RUNGS = List.of("1080p", "720p", "480p");
  private static final double LONG_GOP = 250 / 30.0;

  private static Publisher hevc(double gopSeconds, double seconds) {
    Publisher publisher = new Publisher();
    publisher.videoCodec = Codec.HEVC;
    publisher.videoConfig = FakeMuxing.videoConfig(1920, 1080, 30, "hvc1.1.6.L120.90");
    publisher.gopSeconds = gopSeconds;
    publisher.seconds = seconds;
    return publisher;
  }

  private static Harness started(LadderSettings ladder) {
    Harness harness = new Harness(Harness.settings(ladder));
    harness.session(1);
    harness.startWorker();
    return harness;
  }

  private static List<String> names(Harness harness) {
    return harness.archive.presentation.renditions().stream().map(r -> r.name()).toList();
  }

  @Test
  void listsNoSourceWhenTheFirstSegmentIsCutByTheEncoder() {
    for (int b = 0; b <= 2; b++) {
      Publisher publisher = hevc(LONG_GOP, 40);
      publisher.bFrames = b;
      Harness harness = started(Harness.LADDER);
      harness.feed(publisher.units());
      harness.end();

      harness.archive.check(true);
      assertThat(names(harness)).containsExactly("1080p", "720p", "480p", "audio");
      assertThat(harness.archive.presentation.renditions().get(0).codecs()).startsWith("avc1");
      assertThat(harness.archive.segments).doesNotContainKey("source");
      assertThat(harness.pipeline.status().cut()).isEqualTo("encoder");
      assertThat(harness.archive.notices).extracting("code").containsOnlyOnce("cut.by-encoder");
      for (String rung : RUNGS) {
        assertThat(harness.archive.labels(rung)).hasSize(1200).doesNotHaveDuplicates();
        assertThat(harness.archive.refs(rung)).noneMatch(SegmentRef::discontinuity);
        assertThat(harness.archive.hasGaps(rung)).isFalse();
      }
      assertThat(harness.archive.refs("1080p")).hasSizeBetween(10, 11);
    }
  }

  @Test
  void makesTheSameSegmentsWhereverAWorkerDies() {
    Publisher publisher = hevc(LONG_GOP, 18);
    Harness undisturbed = started(Harness.LADDER);
    undisturbed.feed(publisher.units());
    undisturbed.end();
    for (int k = 0; k < 1700; k += 61) {
      Harness harness = started(Harness.LADDER);
      harness.worker.dieAfterPackets = k;
      harness.feed(publisher.units());
      harness.end();
      for (String rung : RUNGS) {
        assertThat(harness.archive.dump(rung))
            .as(rung + " after death at packet " + k)
            .isEqualTo(undisturbed.archive.dump(rung));
      }
    }
  }

  @Test
  void goesOnWithoutTheSourceInTheNextSessionAndAfterARestart() {
    Harness harness = started(Harness.LADDER);
    harness.feed(hevc(LONG_GOP, 20).units());
    harness.end();
    PipelineState state = harness.pipeline.state().orElseThrow();
    assertThat(state.presentation().renditions()).extracting("name").doesNotContain("source");
    harness.session(2);
    harness.feed(hevc(2, 20).units());
    harness.end();
    harness.archive.check(true);
    assertThat(harness.archive.labels("720p")).hasSize(1200);

    Harness restarted = new Harness(Harness.settings(Harness.LADDER), 2, Optional.of(state));
    restarted.session(2);
    restarted.startWorker();
    restarted.feed(hevc(LONG_GOP, 20).units());
    restarted.end();
    restarted.archive.check(true);
    assertThat(names(restarted)).containsExactly("1080p", "720p", "480p", "audio");
    assertThat(restarted.archive.labels("720p")).hasSize(600).doesNotHaveDuplicates();
    assertThat(restarted.archive.segments).doesNotContainKey("source");
  }

  @Test
  void makesGapsOfTheSourceWhenItsKeyframesBecomeRareLater() {
    Publisher later = hevc(LONG_GOP, 30);
    later.startMs = 12_000;
    later.label = "later-";
    List<MediaUnit> units = new ArrayList<>(hevc(2, 12).units());
    later.units().stream().filter(unit -> !unit.isConfig()).forEach(units::add);
    Harness harness = started(Harness.LADDER);
    harness.feed(Publisher.renumber(units, 0));
    harness.end();

    harness.archive.check(true);
    assertThat(names(harness)).contains("source", "1080p");
    assertThat(harness.archive.hasGaps("source")).isTrue();
    for (String rung : RUNGS) {
      assertThat(harness.archive.hasGaps(rung)).isFalse();
      assertThat(harness.archive.labels(rung)).hasSize(1260).doesNotHaveDuplicates();
    }
    assertThat(harness.archive.inits.keySet().stream().filter(key -> key.startsWith("source/")))
        .hasSize(1);
  }

  @Test
  void refusesItWhenThereIsNoRung() {
    Harness harness = started(LadderSettings.off());
    harness.feed(hevc(LONG_GOP, 20).units());

    assertThat(harness.archive.refusals).singleElement().asString().contains("keyframe interval");
    assertThat(harness.archive.presentation).isNull();
  }
}
