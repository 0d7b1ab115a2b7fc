package io.millrace.node.edge;

import io.millrace.http.StreamInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** What this node can tell of the streams that it owns; thread-safe. */
public final class OwnedStreams {
  private final StreamStatuses statuses;
  private final ToIntFunction<String> viewers;

  /**
   * @param viewers playback sessions of a stream now, on all nodes
   */
  public OwnedStreams(StreamStatuses statuses, ToIntFunction<String> viewers) {
    this.statuses = statuses;
    this.viewers = viewers;
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
        viewers.applyAsInt(s.id()),
        s.cut(),
        s.video(),
        s.audio(),
        s.renditions(),
        s.notices());
  }
}
