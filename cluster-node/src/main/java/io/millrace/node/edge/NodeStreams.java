package io.millrace.node.edge;

import io.millrace.http.StreamInfo;
import io.millrace.http.StreamList;
import io.millrace.http.StreamsPort;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** The control API's view of the streams that this node owns. */
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

  /** By id. */
  public List<StreamInfo> owned() {
    return statuses.all().stream()
        .sorted(Comparator.comparing(StreamInfo::id))
        .map(this::withViewers)
        .toList();
  }

  Optional<StreamInfo> ownedNow(String streamId) {
    return statuses.get(streamId).map(this::withViewers);
  }

  /** Of a stream that this node owns. */
  public Optional<byte[]> thumbnailNow(String streamId) {
    return statuses.thumbnail(streamId);
  }

  @Override
  public CompletionStage<StreamList> list() {
    return CompletableFuture.completedFuture(StreamList.of(owned()));
  }

  @Override
  public CompletionStage<Optional<StreamInfo>> get(String streamId) {
    return CompletableFuture.completedFuture(ownedNow(streamId));
  }

  @Override
  public CompletionStage<Boolean> kick(String streamId) {
    return kick.apply(streamId);
  }

  @Override
  public CompletionStage<Optional<byte[]>> thumbnail(String streamId) {
    return CompletableFuture.completedFuture(thumbnailNow(streamId));
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
