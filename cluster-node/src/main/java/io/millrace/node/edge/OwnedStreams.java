package io.millrace.node.edge;

import io.millrace.http.StreamInfo;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/**
 * What this node can tell of the streams that it owns. The viewers of a stream are counted once a
 * second for all who ask: each watch page does, and counting walks all viewers. Thread-safe.
 */
public final class OwnedStreams {
  private static final Duration COUNTED_FOR = Duration.ofSeconds(1);
  private static final int MAX_COUNTS = 10_000;

  private final StreamStatuses statuses;
  private final ToIntFunction<String> viewers;
  private final Briefly<String, Integer> counts;

  /**
   * @param viewers playback sessions of a stream now, on all nodes
   */
  public OwnedStreams(StreamStatuses statuses, ToIntFunction<String> viewers) {
    this(statuses, viewers, System::nanoTime);
  }

  OwnedStreams(StreamStatuses statuses, ToIntFunction<String> viewers, LongSupplier nanoClock) {
    this.statuses = statuses;
    this.viewers = viewers;
    this.counts = new Briefly<>(COUNTED_FOR, MAX_COUNTS, nanoClock);
  }

  /** By id. */
  List<StreamInfo> all() {
    return statuses.all().stream()
        .sorted(Comparator.comparing(StreamInfo::id))
        .map(this::withViewers)
        .toList();
  }

  Optional<StreamInfo> get(String streamId) {
    return statuses.get(streamId).map(this::withViewers);
  }

  Optional<byte[]> thumbnail(String streamId) {
    return statuses.thumbnail(streamId);
  }

  private StreamInfo withViewers(StreamInfo s) {
    return new StreamInfo(
        s.id(),
        s.state(),
        s.startedAt(),
        s.reconnectDeadline(),
        s.owner(),
        s.epoch(),
        s.session(),
        viewers(s.id()),
        s.cut(),
        s.video(),
        s.audio(),
        s.renditions(),
        s.notices());
  }

  private int viewers(String streamId) {
    return counts
        .get(streamId, () -> CompletableFuture.completedFuture(viewers.applyAsInt(streamId)))
        .toCompletableFuture()
        .join();
  }
}
