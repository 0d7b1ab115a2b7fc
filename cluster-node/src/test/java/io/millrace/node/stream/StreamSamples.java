package io.millrace.node.stream;

import io.millrace.media.MediaSegment;
import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.RenditionKind;
import io.millrace.media.SegmentRef;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.ladder.LadderSettings;
import io.millrace.media.segment.PipelineSettings;
import io.millrace.media.segment.PipelineState;
import io.millrace.media.segment.SheddingSettings;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.time.Duration;
import java.util.List;

/** Settings of a stream, and what its media side makes: one rendition, segments of 4 s. */
final class StreamSamples {
  static final Duration GRACE = Duration.ofSeconds(30);
  static final Duration RETENTION = Duration.ofSeconds(60);

  private StreamSamples() {}

  static StreamSettings settings(SecondPublisher policy) {
    return settings(policy, Duration.ofSeconds(2));
  }

  static StreamSettings settings(SecondPublisher policy, Duration storeDoubt) {
    Duration second = Duration.ofSeconds(1);
    return new StreamSettings(
        GRACE,
        RETENTION,
        policy,
        2,
        second,
        storeDoubt,
        new WindowSettings(Duration.ofSeconds(30), 6, 0),
        new PipelineSettings(
            4,
            6,
            LadderSettings.off(),
            false,
            128_000,
            Duration.ofSeconds(20),
            new SheddingSettings(
                second.multipliedBy(2),
                second.multipliedBy(3),
                second.multipliedBy(4),
                second,
                second,
                second,
                second),
            Duration.ZERO));
  }

  static Presentation presentation() {
    return new Presentation(
        4,
        List.of(
            new Rendition(
                "source", RenditionKind.SOURCE, "avc1.64001f", 1280, 720, 30, 1000, 900, 0)));
  }

  static MediaSegment segment(long epoch, long msn) {
    SegmentRef ref =
        new SegmentRef(
            msn,
            epoch + "-" + msn + ".m4s",
            "init-0.mp4",
            msn * 360_000,
            360_000,
            90_000,
            false,
            false,
            msn * 4000,
            3);
    return new MediaSegment("source", epoch, ref, System.nanoTime(), new byte[] {1, 2, 3});
  }

  static PipelineState pipelineState(long nextMsn) {
    return new PipelineState(
        PipelineState.SCHEMA,
        presentation(),
        List.of(),
        null,
        1,
        true,
        0,
        0,
        nextMsn * 360_000,
        List.of(
            new PipelineState.RenditionProgress(
                "source", nextMsn, nextMsn * 360_000, 90_000, "init-0.mp4", false)),
        List.of(),
        null);
  }
}
