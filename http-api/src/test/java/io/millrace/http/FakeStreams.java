package io.millrace.http;

import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The API's side of a node, in memory. */
final class FakeStreams implements StreamsPort {

  final Map<String, StreamInfo> infos = new TreeMap<>();
  final Map<String, byte[]> thumbnails = new TreeMap<>();

  @Override
  public CompletionStage<StreamList> list() {
    return CompletableFuture.completedFuture(StreamList.of(new ArrayList<>(infos.values())));
  }

  @Override
  public CompletionStage<Optional<StreamInfo>> get(String streamId) {
    return CompletableFuture.completedFuture(Optional.ofNullable(infos.get(streamId)));
  }

  @Override
  public CompletionStage<Boolean> kick(String streamId) {
    return CompletableFuture.completedFuture(infos.remove(streamId) != null);
  }

  @Override
  public CompletionStage<Optional<byte[]>> thumbnail(String streamId) {
    if (streamId.equals("breaks")) {
      throw new IllegalStateException("thumbnail breaks");
    }
    return CompletableFuture.completedFuture(Optional.ofNullable(thumbnails.get(streamId)));
  }
}
