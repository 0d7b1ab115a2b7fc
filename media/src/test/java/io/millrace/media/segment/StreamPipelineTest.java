package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.SegmentRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamPipelineTest {

  private static Harness run(Publisher publisher) {
    Harness harness = new Harness(Harness.settings(Harness.LADDER));
    harness.session(1);
    harness.startWorker();
    harness.feed(publisher.units());
    harness.end();
    return harness;
  }

  @Test
  void cutsAllRenditionsAtTheSameKeyframes() {
    Harness harness = run(new Publisher());
    harness.archive.check(true);
    assertThat(harness.archive.presentation.renditions())
        .extracting("name")
        .containsExactly("source", "720p", "480p", "audio");
    assertThat(harness.archive.refs("source")).hasSize(5);
    assertThat(harness.archive.labels("source")).hasSize(600);
    assertThat(harness.archive.labels("720p")).hasSize(600);
    assertThat(harness.archive.labels("480p")).isEqualTo(harness.archive.labels("720p"));
    assertThat(harness.archive.labels("audio")).hasSize(938);
  }

  @Test
  void keepsEveryFrameOfSourcesWithReorderedFramesAndFractionalRates() {
    for (double fps : List.of(23.976, 25.0, 29.97, 30.0, 50.0, 59.94, 60.0)) {
      for (int b = 0; b <= 3; b++) {
        Publisher publisher = new Publisher();
        publisher.fps = fps;
        publisher.bFrames = b;
        publisher.audioRate = 44_100;
        Harness harness = run(publisher);
        harness.archive.check(true);
        int frames = (int) Math.round(20 * fps);
        assertThat(harness.archive.labels("source")).as(fps + " " + b).hasSize(frames);
        assertThat(harness.archive.labels("720p"))
            .as(fps + " " + b)
            .hasSize(frames)
            .doesNotHaveDuplicates();
        assertThat(harness.archive.labels("audio")).doesNotHaveDuplicates();
        assertThat(harness.archive.refs("source")).noneMatch(SegmentRef::discontinuity);
      }
    }
  }
}
