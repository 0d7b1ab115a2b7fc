package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.RenditionKind;
import io.millrace.media.segment.PipelineStatus;
import io.millrace.media.segment.PipelineStatus.RenditionStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamMetricsTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final StreamMetrics metrics = new StreamMetrics(registry, "demo", () -> 5);

  private static StreamFacts facts(String shed, long lagMillis, long dropped, long rebased) {
    Presentation presentation =
        new Presentation(
            4,
            List.of(
                new Rendition(
                    "720p",
                    RenditionKind.RUNG,
                    "avc1.42c01f",
                    1280,
                    720,
                    30,
                    3_000_000,
                    2_800_000,
                    0)));
    PipelineStatus status =
        new PipelineStatus(
            1,
            true,
            "source",
            0.5,
            "running",
            45_000,
            null,
            null,
            List.of(new RenditionStatus("720p", "rung", shed, 7, lagMillis, dropped, 3, 0)),
            Map.of("timeline.rebased", rebased));
    return new StreamFacts(StreamState.none("demo"), presentation, status, List.of());
  }

  @Test
  void showsTheNewestFiguresOfEachRendition() {
    metrics.update(facts("active", 100, 0, 0));
    metrics.update(facts("thinned", 2500, 12, 0));

    assertThat(gauge("millrace.rendition.lag")).isEqualTo(2.5);
    assertThat(gauge("millrace.rendition.shed")).isEqualTo(1);
    assertThat(gauge("millrace.stream.backlog")).isEqualTo(0.5);
    assertThat(gauge("millrace.stream.viewers")).isEqualTo(5);
    assertThat(counter("millrace.rendition.dropped.frames")).isEqualTo(12);
    assertThat(counter("millrace.rendition.gaps")).isEqualTo(3);
  }

  @Test
  void addsUpWhatThePipelineCounts() {
    metrics.update(facts("active", 0, 0, 2));
    metrics.update(facts("active", 0, 0, 5));

    assertThat(registry.get("millrace.pipeline.events").counter().count()).isEqualTo(5);
  }

  @Test
  void labelsNothingButStreamAndRendition() {
    metrics.update(facts("active", 0, 0, 0));

    assertThat(registry.getMeters())
        .allSatisfy(
            meter ->
                assertThat(meter.getId().getTags())
                    .allSatisfy(
                        tag -> assertThat(tag.getKey()).isIn("stream", "rendition", "event")));
  }

  @Test
  void takesItsMetersAwayWithTheStream() {
    metrics.update(facts("active", 100, 1, 1));
    metrics.close();

    assertThat(registry.getMeters())
        .extracting(meter -> meter.getId().getName())
        .containsOnly("millrace.pipeline.events");
  }

  private double gauge(String name) {
    return registry.get(name).tag("stream", "demo").gauge().value();
  }

  private double counter(String name) {
    return registry.get(name).tag("rendition", "720p").functionCounter().count();
  }
}
