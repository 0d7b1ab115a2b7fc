package io.millrace.node.stream;

import io.micrometer.core.instrument.Counter;
import io.millrace.http.StreamInfo;
import io.millrace.media.Presentation;
import io.millrace.media.segment.PipelineNotice;
import io.millrace.media.segment.PipelineStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** What the API and the meters show of an owned stream. Confined to the stream's actor. */
final class StreamReport implements AutoCloseable {
  private static final int MAX_NOTICES = 20;

  private final StreamEntity entity;
  private final Supplier<Presentation> presentation;
  private final Deque<StreamInfo.Notice> notices = new ArrayDeque<>();
  private final StreamMetrics metrics;
  private PipelineStatus status;

  StreamReport(StreamEntity entity, Supplier<Presentation> presentation) {
    this.entity = entity;
    this.presentation = presentation;
    this.metrics =
        new StreamMetrics(
            entity.deps().registry(),
            entity.streamId(),
            () -> entity.deps().edge().viewers(entity.streamId()));
  }

  void onNotice(PipelineNotice notice) {
    entity.log().info("stream {}: {} ({})", entity.streamId(), notice.text(), notice.code());
    Counter.builder("millrace.notices")
        .description("Notices that the API shows, by code")
        .tag("code", notice.code())
        .register(entity.deps().registry())
        .increment();
    notices.addFirst(
        new StreamInfo.Notice(Instant.ofEpochMilli(entity.now()), notice.code(), notice.text()));
    while (notices.size() > MAX_NOTICES) {
      notices.removeLast();
    }
  }

  void onStatus(PipelineStatus newStatus) {
    status = newStatus;
    entity.deps().capacity().uses(entity.streamId(), newStatus.costCores());
    publish();
  }

  /** A stream whose first publish is not accepted yet is nobody's business. */
  void publish() {
    if (!entity.state().hasStarted()) {
      return;
    }
    StreamFacts facts =
        new StreamFacts(entity.state(), presentation.get(), status, List.copyOf(notices));
    entity.deps().statuses().publish(facts.toInfo());
    metrics.update(facts);
  }

  /** Takes the stream's meters away. */
  @Override
  public void close() {
    metrics.close();
  }
}
