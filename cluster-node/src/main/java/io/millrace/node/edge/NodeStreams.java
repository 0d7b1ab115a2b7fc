package io.millrace.node.edge;

import io.millrace.http.StreamInfo;
import io.millrace.http.StreamList;
import io.millrace.http.StreamsPort;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The control API's view of the streams of a node that owns all there are. */
public final class NodeStreams implements StreamsPort {
  private final OwnedStreams owned;
  private final Function<String, CompletionStage<Boolean>> kick;

  /**
   * @param kick ends a stream; false when there is none
   */
  public NodeStreams(OwnedStreams owned, Function<String, CompletionStage<Boolean>> kick) {
    this.owned = owned;
    this.kick = kick;
  }

  @Override
  public CompletionStage<StreamList> list() {
    return CompletableFuture.completedFuture(StreamList.of(owned.all()));
  }

  @Override
  public CompletionStage<Optional<StreamInfo>> get(String streamId) {
    return CompletableFuture.completedFuture(owned.get(streamId));
  }

  @Override
  public CompletionStage<Boolean> kick(String streamId) {
    return kick.apply(streamId);
  }

  @Override
  public CompletionStage<Optional<byte[]>> thumbnail(String streamId) {
    return CompletableFuture.completedFuture(owned.thumbnail(streamId));
  }
}
