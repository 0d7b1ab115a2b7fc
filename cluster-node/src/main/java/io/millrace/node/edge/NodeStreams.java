package io.millrace.node.edge;

import io.millrace.http.StreamInfo;
import io.millrace.http.StreamsPort;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** The control API's view of this node's streams. */
public final class NodeStreams implements StreamsPort {
  private final StreamStatuses statuses;
  private final ToIntFunction<String> viewers;
  private final Function<String, CompletionStage<Boolean>> kick;

  /**
   * @param viewers playback sessions of a stream now
   * @param kick ends a stream; false when there is none
   */
  public NodeStreams(
      StreamStatuses statuses,
      ToIntFunction<String> viewers,
      Function<String, CompletionStage<Boolean>> kick) {
    this.statuses = statuses;
    this.viewers = viewers;
    this.kick = kick;
  }

  @Override
  public CompletionStage<List<StreamInfo>> list() {
    return CompletableFuture.completedFuture(
        statuses.all().stream()
            .sorted(Comparator.comparing(StreamInfo::id))
            .map(this::withViewers)
            .toList());
  }

  @Override
  public CompletionStage<Optional<StreamInfo>> get(String streamId) {
    return CompletableFuture.completedFuture(statuses.get(streamId).map(this::withViewers));
  }

  @Override
  public CompletionStage<Boolean> kick(String streamId) {
    return statuses.get(streamId).isPresent()
        ? kick.apply(streamId)
        : CompletableFuture.completedFuture(false);
  }

  @Override
  public Optional<byte[]> thumbnail(String streamId) {
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
