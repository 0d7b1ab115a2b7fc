package io.millrace.node.edge;

import io.millrace.node.cluster.Endpoint;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Keeps the objects of streams that other nodes own in step with what their owners list. */
final class FollowedObjects {
  private final EdgeObjects objects;

  FollowedObjects(EdgeObjects objects) {
    this.objects = objects;
  }

  /** A version is shown in place of another one. */
  void shown(EdgeStream stream, StreamSnapshot before, StreamSnapshot next, Endpoint source) {
    forgetDropped(stream, before, next);
    fetchAhead(stream, before, next, source);
  }

  private void forgetDropped(EdgeStream stream, StreamSnapshot before, StreamSnapshot next) {
    before
        .objects()
        .forEach(
            (rendition, names) ->
                without(names, next.objects().get(rendition))
                    .filter(name -> !stream.keeps(rendition, name))
                    .forEach(
                        name -> objects.remove(new ObjectKey(next.streamId(), rendition, name))));
  }

  /**
   * What viewers here will ask for next is here before they do, and outlives its owner; parts were
   * fetched before.
   */
  private void fetchAhead(
      EdgeStream stream, StreamSnapshot before, StreamSnapshot next, Endpoint source) {
    wanted(stream, before, next)
        .filter(key -> !PartName.isPart(key.name()))
        .forEach(key -> objects.get(key, source));
  }

  /** See {@link StreamEdge#fetchParts}. */
  Optional<CompletionStage<Void>> fetchParts(
      EdgeStream stream, StreamSnapshot next, Endpoint source) {
    CompletableFuture<?>[] missing =
        wanted(stream, stream.snapshot(), next)
            .filter(key -> PartName.isPart(key.name()) && objects.present(key).isEmpty())
            .map(key -> objects.get(key, source).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return missing.length == 0 ? Optional.empty() : Optional.of(CompletableFuture.allOf(missing));
  }

  private static Stream<ObjectKey> wanted(
      EdgeStream stream, StreamSnapshot before, StreamSnapshot next) {
    return next.objects().entrySet().stream()
        .flatMap(
            rendition ->
                without(rendition.getValue(), before.objects().get(rendition.getKey()))
                    .filter(name -> stream.watching().wants(rendition.getKey(), name))
                    .map(name -> new ObjectKey(next.streamId(), rendition.getKey(), name)));
  }

  /** Most versions change one rendition and leave the others' sets as they are. */
  private static Stream<String> without(Set<String> names, Set<String> others) {
    if (others == null) {
      return names.stream();
    }
    return names.equals(others)
        ? Stream.empty()
        : names.stream().filter(name -> !others.contains(name));
  }
}
