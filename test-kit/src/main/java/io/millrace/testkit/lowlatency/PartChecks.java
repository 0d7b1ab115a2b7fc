package io.millrace.testkit.lowlatency;

import io.millrace.testkit.lowlatency.PlaylistText.Part;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Fetches the parts of one rendition and checks them: a listed part is there at once, and a segment
 * is the exact concatenation of its parts. Its inputs are confined to the follower's thread.
 */
final class PartChecks {
  private static final Duration BEFORE_THE_END = Duration.ofSeconds(1);

  private final URI playlist;
  private final Downloads downloads;
  private final Consumer<String> failures;
  private final List<FetchedPart> fetched = new CopyOnWriteArrayList<>();
  private final AtomicInteger compared = new AtomicInteger();
  private final AtomicInteger refetched = new AtomicInteger();
  private final Set<String> known = new HashSet<>();
  private final Set<Long> checked = new HashSet<>();
  private final Map<Long, List<String>> urisBySegment = new HashMap<>();
  private final Map<String, Instant> leftAt = new HashMap<>();
  private Set<String> firstParts = Set.of();

  /**
   * @param failures is told what is wrong, on any thread
   */
  PartChecks(URI playlist, Downloads downloads, Consumer<String> failures) {
    this.playlist = playlist;
    this.downloads = downloads;
    this.failures = failures;
  }

  List<FetchedPart> fetched() {
    return List.copyOf(fetched);
  }

  int comparedSegments() {
    return compared.get();
  }

  /** The server will have it next: it is asked for now. */
  void hinted(String uri) {
    if (!known.contains(uri)) {
      var unused = downloads.fetch(playlist.resolve(uri));
    }
  }

  void listed(Part part, Instant at) {
    if (!known.add(part.uri())) {
      return;
    }
    urisBySegment.computeIfAbsent(part.msn(), msn -> new ArrayList<>()).add(part.uri());
    URI uri = playlist.resolve(part.uri());
    boolean hinted = downloads.isKnown(uri);
    var unused =
        downloads
            .fetch(uri)
            .thenCompose(answer -> hinted && answer.status() != 200 ? again(uri) : now(answer))
            .whenComplete((answer, error) -> complete(part, at, hinted, answer, error));
  }

  /** A hinted part may be unknown until it is listed, not after it. */
  private CompletionStage<Downloads.Answer> again(URI uri) {
    return downloads.again(uri);
  }

  private static CompletionStage<Downloads.Answer> now(Downloads.Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private void complete(
      Part part, Instant at, boolean hinted, Downloads.Answer answer, Throwable error) {
    if (error != null || answer.status() != 200) {
      failures.accept(
          "part " + part.uri() + ": " + (error == null ? answer.status() : error.toString()));
      return;
    }
    fetched.add(
        new FetchedPart(
            part.uri(),
            part.msn(),
            part.index(),
            part.seconds(),
            part.independent(),
            hinted,
            at,
            answer.at(),
            answer.bytes().length));
  }

  /**
   * Rule L4 (rfc8216bis §6.2.2): the first part of each segment is fetched again when it has left
   * the playlist for almost as long as it has to stay.
   *
   * @param whole the newest version
   */
  void fetchThoseThatLeft(PlaylistText whole, Instant at) {
    Set<String> listed = new HashSet<>();
    whole.parts().stream().filter(p -> p.index() == 0).forEach(p -> listed.add(p.uri()));
    firstParts.stream().filter(uri -> !listed.contains(uri)).forEach(uri -> leftAt.put(uri, at));
    firstParts = listed;
    Duration stays = Duration.ofSeconds(3L * whole.targetSeconds());
    leftAt.entrySet().removeIf(left -> isOver(left.getKey(), left.getValue().plus(stays), at));
  }

  private boolean isOver(String uri, Instant until, Instant now) {
    if (now.isBefore(until.minus(BEFORE_THE_END))) {
      return false;
    }
    if (now.isBefore(until)) {
      refetch(uri);
    }
    return true;
  }

  private void refetch(String uri) {
    URI resolved = playlist.resolve(uri);
    byte[] before = downloads.fetch(resolved).join().bytes();
    var unused =
        downloads
            .again(resolved)
            .whenComplete(
                (answer, error) -> {
                  if (error != null || !Arrays.equals(answer.bytes(), before)) {
                    failures.accept(
                        "L4 part that has left, "
                            + uri
                            + ": "
                            + (error == null ? answer.status() : error.toString()));
                  } else {
                    refetched.incrementAndGet();
                  }
                });
  }

  int refetched() {
    return refetched.get();
  }

  /** Whole segments whose parts were all listed. */
  void compareSegments(PlaylistText whole) {
    Map<Long, Integer> listedParts = new HashMap<>();
    whole.parts().forEach(part -> listedParts.merge(part.msn(), 1, Integer::sum));
    listedParts.forEach(
        (msn, count) -> {
          List<String> uris = urisBySegment.getOrDefault(msn, List.of());
          if (msn <= whole.lastMsn() && uris.size() == count && checked.add(msn)) {
            compare(whole.uri(msn), List.copyOf(uris));
            urisBySegment.remove(msn);
          }
        });
  }

  private void compare(String segment, List<String> uris) {
    List<CompletableFuture<Downloads.Answer>> parts =
        uris.stream().map(uri -> downloads.fetch(playlist.resolve(uri))).toList();
    CompletableFuture<Downloads.Answer> whole = downloads.fetch(playlist.resolve(segment));
    var unused =
        CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
            .thenCombine(whole, (all, answer) -> answer)
            .whenComplete(
                (answer, error) -> {
                  if (error != null || !Arrays.equals(answer.bytes(), concatenated(parts))) {
                    failures.accept(
                        segment + ": " + (error == null ? "differs from parts" : error));
                  } else {
                    compared.incrementAndGet();
                  }
                });
  }

  private static byte[] concatenated(List<CompletableFuture<Downloads.Answer>> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(part -> all.writeBytes(part.join().bytes()));
    return all.toByteArray();
  }
}
