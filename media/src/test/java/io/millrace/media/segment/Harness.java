package io.millrace.media.segment;

import io.millrace.media.MediaUnit;
import io.millrace.media.ladder.LadderRung;
import io.millrace.media.ladder.LadderSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A pipeline with its fakes, and a clock that follows the publisher's. */
final class Harness {
  static final long MS = 1_000_000L;

  /** A worker gets a second of media at a time; more than enough for what a test leaves over. */
  private static final int ENDING_TURNS = 60;

  static final LadderSettings LADDER =
      new LadderSettings(
          List.of(
              new LadderRung("1080p", 1080, 5_000_000, 60),
              new LadderRung("720p", 720, 2_800_000, 60),
              new LadderRung("480p", 480, 1_200_000, 60)));

  final Archive archive = new Archive();
  final StreamPipeline pipeline;
  FakeWorker worker;
  long now = 1_000 * MS;
  long lag;
  int audioDelay;
  int workerItemsPerUnit = Integer.MAX_VALUE;

  Harness(PipelineSettings settings) {
    this(settings, 1, Optional.empty());
  }

  Harness(PipelineSettings settings, long epoch, Optional<PipelineState> state) {
    pipeline =
        StreamPipeline.create(settings, epoch, state, archive, () -> 100.0, new FakeMuxing());
    archive.onSegment =
        (rendition, msn) -> {
          pipeline.stored(rendition, msn);
          pipeline.durable(rendition, msn);
        };
  }

  static PipelineSettings settings(LadderSettings ladder) {
    return settings(ladder, Duration.ZERO);
  }

  static PipelineSettings settings(LadderSettings ladder, Duration partDuration) {
    return new PipelineSettings(
        4,
        6,
        ladder,
        true,
        128_000,
        Duration.ofSeconds(20),
        new SheddingSettings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(12),
            Duration.ofMillis(500),
            Duration.ofSeconds(4),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60)),
        partDuration);
  }

  FakeWorker startWorker() {
    worker = new FakeWorker(pipeline);
    worker.audioDelay = audioDelay;
    pipeline.workerReady(worker, now);
    return worker;
  }

  void session(long id) {
    pipeline.sessionStarted(id, 1_700_000_000_000L + now / MS, now, false);
  }

  /** Feeds units in real time; the worker works after each. */
  void feed(List<MediaUnit> units) {
    long first = now;
    long firstMs = units.get(0).dtsMs();
    for (MediaUnit unit : units) {
      now = Math.max(now, first + (unit.dtsMs() - firstMs) * MS);
      pipeline.unit(unit, now);
      runWorker(workerItemsPerUnit);
    }
  }

  void runWorker(int items) {
    if (worker != null) {
      worker.run(items, now);
      if (worker.dead) {
        pipeline.workerGone();
        startWorker();
        worker.run(items, now);
      }
    }
  }

  void end() {
    pipeline.sessionEnded(now);
    for (int i = 0; i < ENDING_TURNS; i++) {
      runWorker(Integer.MAX_VALUE);
    }
  }
}
