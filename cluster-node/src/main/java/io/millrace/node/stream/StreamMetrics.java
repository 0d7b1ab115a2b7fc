package io.millrace.node.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millrace.http.StreamInfo.RenditionInfo;
import io.millrace.media.segment.PipelineStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * The meters of one stream, from what the API shows of it. Labels are the stream's id and the
 * rendition; they go with the stream. Updated by one thread, read by any.
 */
final class StreamMetrics implements AutoCloseable {
  private static final double TICKS_PER_SECOND = 90_000;

  /** Newest figures of one rendition; meters read them. */
  private static final class Figures {
    private volatile RenditionInfo newest;

    private Figures(RenditionInfo first) {
      newest = first;
    }
  }

  private final MeterRegistry registry;
  private final String streamId;
  private final IntSupplier viewers;
  private final Map<String, Figures> renditions = new HashMap<>();
  private final Map<String, Long> counted = new HashMap<>();
  private final List<Meter> meters = new ArrayList<>();
  private volatile PipelineStatus status;

  /**
   * @param viewers playback sessions on all nodes
   */
  StreamMetrics(MeterRegistry registry, String streamId, IntSupplier viewers) {
    this.registry = registry;
    this.streamId = streamId;
    this.viewers = viewers;
  }

  /** Takes over what is known now; a stream without a pipeline status has no figures yet. */
  void update(StreamFacts facts) {
    if (facts.status() == null) {
      return;
    }
    status = facts.status();
    if (meters.isEmpty()) {
      registerStream();
    }
    for (RenditionInfo rendition : facts.toInfo().renditions()) {
      Figures known = renditions.get(rendition.name());
      if (known == null) {
        registerRendition(rendition);
      } else {
        known.newest = rendition;
      }
    }
    countEvents();
  }

  private void registerStream() {
    meters.add(
        Gauge.builder("millrace.stream.viewers", viewers, IntSupplier::getAsInt)
            .description("Playback sessions on all nodes; told by the stream's owner")
            .tags(Tags.of("stream", streamId))
            .register(registry));
    meters.add(
        Gauge.builder("millrace.stream.backlog", this, StreamMetrics::backlogSeconds)
            .description("Media that waits before and inside the worker")
            .baseUnit("seconds")
            .tags(Tags.of("stream", streamId))
            .register(registry));
    meters.add(
        Gauge.builder("millrace.stream.transcode.cores", this, m -> m.status.costCores())
            .description("Cores that the stream's transcoding is reckoned to take")
            .tags(Tags.of("stream", streamId))
            .register(registry));
  }

  private double backlogSeconds() {
    return status.backlog90k() / TICKS_PER_SECOND;
  }

  private void registerRendition(RenditionInfo first) {
    Figures figures = new Figures(first);
    renditions.put(first.name(), figures);
    Tags tags = Tags.of("stream", streamId, "rendition", first.name());
    meters.add(
        Gauge.builder("millrace.rendition.lag", figures, f -> f.newest.lagMillis() / 1000.0)
            .description("Newest segment: finished minus captured")
            .baseUnit("seconds")
            .tags(tags)
            .register(registry));
    meters.add(
        Gauge.builder("millrace.rendition.shed", figures, f -> shedLevel(f.newest.state()))
            .description("0 complete, 1 thinned, 2 suspended")
            .tags(tags)
            .register(registry));
    meters.add(
        FunctionCounter.builder(
                "millrace.rendition.dropped.frames", figures, f -> f.newest.droppedFrames())
            .description("Frames left out because of load")
            .tags(tags)
            .register(registry));
    meters.add(
        FunctionCounter.builder("millrace.rendition.gaps", figures, f -> f.newest.gapSegments())
            .description("Segments listed as gaps")
            .tags(tags)
            .register(registry));
  }

  private static int shedLevel(String state) {
    return switch (state) {
      case "thinned" -> 1;
      case "suspended" -> 2;
      default -> 0;
    };
  }

  /** The pipeline counts from its own start on; the node's counters add up all streams. */
  private void countEvents() {
    status
        .counters()
        .forEach(
            (event, total) -> {
              long before = counted.getOrDefault(event, 0L);
              if (total > before) {
                Counter.builder("millrace.pipeline.events")
                    .description("What the streams' pipelines met, by event")
                    .tag("event", event)
                    .register(registry)
                    .increment((double) (total - before));
              }
              counted.put(event, total);
            });
  }

  /** Takes the stream's meters away. */
  @Override
  public void close() {
    meters.forEach(registry::remove);
    meters.clear();
    renditions.clear();
    counted.clear();
  }
}
