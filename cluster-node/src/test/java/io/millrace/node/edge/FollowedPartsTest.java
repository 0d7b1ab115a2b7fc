package io.millrace.node.edge;

import static io.millrace.node.edge.LowLatencySamples.inFlight;
import static io.millrace.node.edge.LowLatencySamples.part;
import static io.millrace.node.edge.LowLatencySamples.withoutParts;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.HlsStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parts are only at their owner: what is shown on another node has to be there. */
class FollowedPartsTest extends FollowingTest {
  private static final byte[] BYTES = {1, 2, 3};

  private final Map<String, CompletableFuture<Optional<byte[]>>> fetches =
      new ConcurrentHashMap<>();
  private ActorRef<EdgeFollower.Command> follower;
  private HlsStream stream;

  /** Viewers play the parts of segment 3. */
  @BeforeEach
  void watch() {
    edge.readObjectsFrom(
        (owner, streamId, rendition, name) ->
            fetches.computeIfAbsent(name, asked -> new CompletableFuture<>()));
    follower = opened(whole(inFlight(4, 1, 3, 0))).subscriber();
    stream = open().join().orElseThrow();
    CompletableFuture<?> playing = stream.object("source", part(4, 3, 0)).toCompletableFuture();
    arrives(part(4, 3, 0));
    assertThat(playing).isCompleted();
    awaitShown(stream, "4/1");
  }

  private static StreamPush whole(StreamSnapshot snapshot) {
    return StreamPush.of(snapshot, PushSamples.SOURCE);
  }

  /** The version in which part {@code index} of segment 3 is new. */
  private void changeTo(long version, int index) {
    follower.tell(
        StreamChange.between(
                inFlight(4, version - 1, 3, index - 1), inFlight(4, version, 3, index), 0)
            .orElseThrow());
  }

  private void awaitFetch(String name) {
    requests.awaitAssert(
        RETRIES,
        () -> {
          assertThat(fetches).containsKey(name);
          return null;
        });
  }

  private void arrives(String name) {
    awaitFetch(name);
    fetches.get(name).complete(Optional.of(BYTES));
  }

  private void fails(String name) {
    awaitFetch(name);
    fetches.remove(name).completeExceptionally(new IOException("connection reset"));
  }

  private String shown() {
    return new String(stream.mediaPlaylist("source").orElseThrow().plain(), StandardCharsets.UTF_8);
  }

  @Test
  void showsAVersionOnceItsNewPartsAreHere() {
    changeTo(2, 1);
    awaitFetch(part(4, 3, 1));
    assertThat(shown()).isEqualTo("4/1");
    assertThat(stream.awaits("source", part(4, 3, 1))).isTrue();
    arrives(part(4, 3, 1));
    awaitShown(stream, "4/2");
    assertThat(stream.object("source", part(4, 3, 1))).isCompleted();
  }

  @Test
  void showsNoLaterVersionBeforeThePartsOfAnEarlierOne() {
    changeTo(2, 1);
    changeTo(3, 2);
    arrives(part(4, 3, 2));
    awaitFetch(part(4, 3, 1));
    assertThat(shown()).isEqualTo("4/1");
    arrives(part(4, 3, 1));
    awaitShown(stream, "4/3");
  }

  @Test
  void neverShowsAPartThatWentWithItsOwner() {
    changeTo(2, 1);
    fails(part(4, 3, 1));
    follower.tell(whole(withoutParts(inFlight(5, 1, 4, -1))));
    awaitShown(stream, "5/1");
    assertThat(stream.awaits("source", part(4, 3, 1))).isFalse();
    assertThat(stream.object("source", part(4, 3, 1)).toCompletableFuture().join()).isEmpty();
  }

  @Test
  void triesAgainWhenTheOwnerIsHeardAgain() {
    changeTo(2, 1);
    passedOver(2);
    follower.tell(whole(inFlight(4, 2, 3, 1)));
    arrives(part(4, 3, 1));
    awaitShown(stream, "4/2");
  }

  @Test
  void takesABeatForNoLossWhileItFetches() {
    changeTo(2, 1);
    awaitFetch(part(4, 3, 1));
    follower.tell(new EdgeFollower.Beat(4, 2));
    requests.expectNoMessage();
  }

  @Test
  void showsWhatAnOwnerHasThatGoesOnButGivesNoObjects() {
    changeTo(2, 1);
    passedOver(2);
    follower.tell(whole(inFlight(4, 3, 3, 1)));
    passedOver(3);
    pass(ReceivedVersions.UNFETCHABLE);
    follower.tell(whole(inFlight(4, 4, 3, 1)));
    fails(part(4, 3, 1));
    awaitShown(stream, "4/4");
  }

  /** Its part cannot be fetched; the next beat makes the follower ask again. */
  private void passedOver(long version) {
    fails(part(4, 3, 1));
    follower.tell(new EdgeFollower.Beat(4, version));
    assertThat(nextRequest().version()).isEqualTo(1);
    assertThat(shown()).isEqualTo("4/1");
  }
}
