package io.millrace.node.edge;

import io.millrace.http.StreamInfo;
import io.millrace.http.StreamList;
import io.millrace.http.StreamsPort;
import io.millrace.node.cluster.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The control API's view of the streams of all nodes. Each node tells of the streams that it owns;
 * all who ask within a second share one round of questions. A node that does not answer in time is
 * named and left out. Thread-safe.
 */
public final class ClusterStreams implements StreamsPort {
  private static final Duration SHARED = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final int MAX_THUMBNAILS = 1000;
  private static final String ALL = "all";

  private final OwnedStreams owned;
  private final Function<String, CompletionStage<Boolean>> kick;
  private final NodeReader reader;
  private final Supplier<Map<String, Endpoint>> others;
  private final Briefly<String, StreamList> lists;
  private final Briefly<String, Optional<byte[]>> thumbnails;

  /**
   * @param owned by this node
   * @param kick ends a stream, whoever owns it; false when there is none
   * @param others the other nodes by name, now
   */
  public ClusterStreams(
      OwnedStreams owned,
      Function<String, CompletionStage<Boolean>> kick,
      NodeReader reader,
      Supplier<Map<String, Endpoint>> others) {
    this(owned, kick, reader, others, System::nanoTime);
  }

  ClusterStreams(
      OwnedStreams owned,
      Function<String, CompletionStage<Boolean>> kick,
      NodeReader reader,
      Supplier<Map<String, Endpoint>> others,
      LongSupplier nanoClock) {
    this.owned = owned;
    this.kick = kick;
    this.reader = reader;
    this.others = others;
    this.lists = new Briefly<>(SHARED, 1, nanoClock);
    this.thumbnails = new Briefly<>(SHARED, MAX_THUMBNAILS, nanoClock);
  }

  @Override
  public CompletionStage<StreamList> list() {
    return lists.get(ALL, this::askAll);
  }

  private CompletionStage<StreamList> askAll() {
    Map<String, CompletableFuture<Optional<List<StreamInfo>>>> asked = new TreeMap<>();
    others.get().forEach((name, node) -> asked.put(name, ask(node)));
    return CompletableFuture.allOf(asked.values().toArray(new CompletableFuture<?>[0]))
        .thenApply(all -> merge(asked));
  }

  private CompletableFuture<Optional<List<StreamInfo>>> ask(Endpoint node) {
    return reader
        .streams(node)
        .thenApply(Optional::of)
        .toCompletableFuture()
        .orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> Optional.empty());
  }

  /** Of a stream that two nodes show, the later owner's word counts. */
  private StreamList merge(Map<String, CompletableFuture<Optional<List<StreamInfo>>>> asked) {
    Map<String, StreamInfo> byId = new TreeMap<>();
    List<String> missing = new ArrayList<>();
    owned.all().forEach(info -> byId.merge(info.id(), info, ClusterStreams::later));
    asked.forEach(
        (name, answer) ->
            answer
                .join()
                .ifPresentOrElse(
                    infos -> infos.forEach(i -> byId.merge(i.id(), i, ClusterStreams::later)),
                    () -> missing.add(name)));
    return new StreamList(List.copyOf(byId.values()), missing.isEmpty() ? null : missing);
  }

  private static StreamInfo later(StreamInfo a, StreamInfo b) {
    return b.epoch() > a.epoch() ? b : a;
  }

  @Override
  public CompletionStage<Optional<StreamInfo>> get(String streamId) {
    return list()
        .thenApply(
            all -> all.streams().stream().filter(info -> info.id().equals(streamId)).findFirst());
  }

  @Override
  public CompletionStage<Boolean> kick(String streamId) {
    return kick.apply(streamId);
  }

  @Override
  public CompletionStage<Optional<byte[]>> thumbnail(String streamId) {
    Optional<byte[]> own = owned.thumbnail(streamId);
    return own.isPresent()
        ? CompletableFuture.completedFuture(own)
        : get(streamId)
            .thenCompose(
                info ->
                    info.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : thumbnails.get(streamId, () -> askForThumbnail(info.get())));
  }

  private CompletionStage<Optional<byte[]>> askForThumbnail(StreamInfo info) {
    Endpoint owner = others.get().getOrDefault(info.owner(), Endpoint.NONE);
    if (!owner.isPresent()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return reader
        .thumbnail(owner, info.id())
        .toCompletableFuture()
        .orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> Optional.empty());
  }
}
