package io.millrace.node.edge;

import static io.millrace.node.edge.PushSamples.push;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.HlsStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** One stream of another node, as viewers of this one get it. */
class EdgeFollowerTest extends FollowingTest {

  @Test
  void asksTheOwnerOnceForAllViewersAndServesWhatItPushes() {
    CompletableFuture<Optional<HlsStream>> first = open();
    CompletableFuture<Optional<HlsStream>> second = open();
    FollowRequest request = nextRequest();
    assertThat(request.epoch()).isZero();
    assertThat(request.sessions().smallest()).containsExactly(1L, 2L, 3L);
    assertThat(first).isNotDone();
    request.subscriber().tell(push(4, 1, 6));
    HlsStream stream = first.join().orElseThrow();
    assertThat(second.join()).containsSame(stream);
    assertThat(stream.mediaPlaylist("source").orElseThrow().plain()).asString().isEqualTo("4/1/6");
    assertThat(stream.multivariant().toCompletableFuture().join()).isPresent();
    request.subscriber().tell(push(4, 2, 7));
    awaitShown(stream, "4/2/7");
    requests.expectNoMessage();
  }

  @Test
  void asksAgainWithBackoffUntilAnOwnerAnswers() {
    CompletableFuture<Optional<HlsStream>> opening = open();
    nextRequest();
    pass(Duration.ofMillis(320));
    nextRequest();
    pass(Duration.ofMillis(230));
    requests.expectNoMessage();
    pass(Duration.ofMillis(400));
    nextRequest().subscriber().tell(push(1, 1, 1));
    assertThat(opening.join()).isPresent();
    assertThat(open().join()).isPresent();
  }

  @Test
  void stopsAskingWhileTheOwnerBeatsAndAsksAgainAfterASilence() {
    FollowRequest request = opened(push(4, 1, 6));
    for (int second = 0; second < 4; second++) {
      pass(Duration.ofSeconds(1));
      request.subscriber().tell(new EdgeFollower.Beat(4, 1));
    }
    requests.expectNoMessage();
    HlsStream stream = open().join().orElseThrow();
    pass(EdgeFollower.SILENCE);
    FollowRequest again = nextRequest();
    assertThat(again.epoch()).isEqualTo(4);
    assertThat(again.version()).isEqualTo(1);
    assertThat(stream.paused()).isFalse();
    awaitShown(stream, "4/1/6");
  }

  @Test
  void asksAgainASilenceAfterTheLastWordOfTheOwnerAndNoSooner() {
    FollowRequest request = opened(push(4, 1, 6));
    pass(Duration.ofMillis(1_900));
    request.subscriber().tell(change(2, 7));
    awaitShown(open().join().orElseThrow(), "4/2/7");
    requests.expectNoMessage();
    pass(Duration.ofMillis(2_900));
    requests.expectNoMessage();
    pass(Duration.ofMillis(100));
    assertThat(nextRequest().version()).isEqualTo(2);
  }

  @Test
  void repeatsItsRequestWithTheNumberOfViewers() {
    FollowRequest request = opened(push(4, 1, 6));
    for (int second = 0; second < 5; second++) {
      request.subscriber().tell(new EdgeFollower.Beat(4, 1));
      pass(Duration.ofSeconds(1));
    }
    assertThat(nextRequest().sessions().sessions()).isEqualTo(3);
  }

  @Test
  void fetchesAheadWhatViewersWillAskFor() {
    Queue<String> fetched = new ConcurrentLinkedQueue<>();
    edge.readObjectsFrom(
        (owner, streamId, rendition, name) -> {
          fetched.add(owner + " " + name);
          return CompletableFuture.completedFuture(Optional.of(new byte[] {1}));
        });
    FollowRequest request = opened(push(4, 1, 6));
    HlsStream stream = open().join().orElseThrow();
    request.subscriber().tell(push(4, 2, 7));
    awaitShown(stream, "4/2/7");
    assertThat(fetched).isEmpty();
    assertThat(stream.object("source", "4-6.m4s").toCompletableFuture().join()).isPresent();
    request.subscriber().tell(push(4, 3, 8));
    awaitShown(stream, "4/3/8");
    requests.awaitAssert(
        RETRIES,
        () -> {
          assertThat(fetched).containsExactly("10.0.0.1:1937 4-6.m4s", "10.0.0.1:1937 4-7.m4s");
          return null;
        });
  }

  @Test
  void reachesAnOwnerThatItKnewWhileTheDirectoryIsAway() {
    FollowRequest request = opened(push(4, 1, 6));
    entry = null;
    request.subscriber().tell(new EdgeFollower.Released(4));
    nextRequest().subscriber().tell(push(5, 1, 7));
    awaitShown(open().join().orElseThrow(), "5/1/7");
  }

  @Test
  void keepsAStreamWhoseOwnerIsHeardThoughTheDirectoryHasLostIt() {
    FollowRequest request = opened(push(4, 1, 6));
    entry = Optional.empty();
    for (int second = 0; second < 5; second++) {
      request.subscriber().tell(new EdgeFollower.Beat(4, 1));
      pass(Duration.ofSeconds(1));
    }
    nextRequest();
    assertThat(open().join()).isPresent();
  }

  @Test
  void asksForAVersionThatItMissed() {
    FollowRequest request = opened(push(4, 1, 6));
    request.subscriber().tell(new EdgeFollower.Beat(4, 3));
    assertThat(nextRequest().version()).isEqualTo(1);
  }

  private static StreamChange change(long version, long segments) {
    return StreamChange.between(
            PushSamples.snapshot(4, version - 1, segments - 1, false),
            PushSamples.snapshot(4, version, segments, false),
            System.currentTimeMillis())
        .orElseThrow();
  }

  @Test
  void showsWhatEachChangeLeadsTo() {
    FollowRequest request = opened(push(4, 1, 6));
    request.subscriber().tell(change(2, 7));
    request.subscriber().tell(change(3, 8));
    HlsStream stream = open().join().orElseThrow();
    awaitShown(stream, "4/3/8");
    requests.expectNoMessage();
  }

  @Test
  void asksForAWholeVersionWhenAChangeIsMissing() {
    FollowRequest request = opened(push(4, 1, 6));
    request.subscriber().tell(change(3, 8));
    assertThat(nextRequest().version()).isEqualTo(1);
    request.subscriber().tell(push(4, 3, 8));
    request.subscriber().tell(change(3, 8));
    request.subscriber().tell(change(4, 9));
    awaitShown(open().join().orElseThrow(), "4/4/9");
  }

  @Test
  void appliesChangesOfALaterOwnerThatHasNotCaughtUpYet() {
    FollowRequest request = opened(push(3, 9, 8));
    request.subscriber().tell(push(4, 1, 6));
    request.subscriber().tell(change(2, 7));
    HlsStream stream = open().join().orElseThrow();
    awaitShown(stream, "3/9/8");
    request.subscriber().tell(change(3, 8));
    awaitShown(stream, "4/3/8");
  }

  @Test
  void asksForTheNextOwnerAtOnceWhenOneLeaves() {
    FollowRequest request = opened(push(4, 1, 6));
    request.subscriber().tell(new EdgeFollower.Released(4));
    nextRequest().subscriber().tell(push(5, 1, 6));
    awaitShown(open().join().orElseThrow(), "5/1/6");
    request.subscriber().tell(new EdgeFollower.Released(4));
    requests.expectNoMessage();
  }

  @Test
  void takesNothingFromADeposedOwner() {
    FollowRequest request = opened(push(4, 1, 6));
    request.subscriber().tell(push(3, 9, 8));
    request.subscriber().tell(new EdgeFollower.Beat(3, 9));
    request.subscriber().tell(push(4, 2, 7));
    awaitShown(open().join().orElseThrow(), "4/2/7");
  }

  @Test
  void keepsAskingWhileTheDirectoryExpectsAnOwner() {
    CompletableFuture<Optional<HlsStream>> opening = open();
    nextRequest().subscriber().tell(new EdgeFollower.Unknown());
    pass(Duration.ofMillis(320));
    nextRequest().subscriber().tell(push(4, 1, 6));
    assertThat(opening.join()).isPresent();
  }

  @Test
  void answersThatTheStreamIsGoneWhenItHasEndedAndNobodyOwnsIt() {
    known("ENDED", 4);
    CompletableFuture<Optional<HlsStream>> opening = open();
    nextRequest().subscriber().tell(new EdgeFollower.Unknown());
    assertThat(opening.join()).isEmpty();
    assertThat(open().join()).isEmpty();
    requests.expectNoMessage();
  }

  @Test
  void answersThatTheStreamIsGoneWhenTheDirectoryForgetsIt() {
    FollowRequest request = opened(push(4, 1, 6));
    entry = Optional.empty();
    directory.remove("cam", 9).toCompletableFuture().join();
    request.subscriber().tell(new EdgeFollower.Released(4));
    nextRequest();
    requests.awaitAssert(
        RETRIES,
        () -> {
          assertThat(open().join()).isEmpty();
          return null;
        });
  }

  @Test
  void stopsWhenNobodyWatchesAndForgetsTheStream() {
    testKit.stop(followers);
    follow(Duration.ofNanos(1));
    FollowRequest request = opened(push(4, 1, 6));
    pass(EdgeFollower.RENEW);
    requests.expectTerminated(request.subscriber());
    requests.awaitAssert(
        RETRIES,
        () -> {
          assertThat(edge.followedStreams()).isZero();
          return null;
        });
  }

  @Test
  void goesOnWhenAViewerComesWhileItStops() {
    FollowRequest request = opened(push(4, 1, 6));
    ActorRef<EdgeFollowers.Command> stopping = followers;
    follow(Duration.ofSeconds(60));
    testKit.stop(stopping);
    requests.expectTerminated(request.subscriber());

    assertThat(nextRequest().subscriber()).isNotEqualTo(request.subscriber());
    assertThat(edge.followedStreams()).isEqualTo(1);
  }

  @Test
  void stopsWhenTheStreamIsOwnedHere() {
    FollowRequest request = opened(push(4, 1, 6));
    edge.publish(PushSamples.snapshot(5, 1, 6, false));
    pass(EdgeFollower.RENEW);
    requests.expectTerminated(request.subscriber());
    edge.released("cam", 5);
    assertThat(nextRequest().epoch()).isEqualTo(5);
  }

  @Test
  void keepsNothingOfAStreamThatLeavesThisNodeWhenNobodyWatchesIt() {
    edge.putObject("cam", "source", "5-6.m4s", new byte[] {1, 2});
    edge.publish(PushSamples.snapshot(5, 1, 7, false));
    assertThat(edge.objectBytes()).isEqualTo(2);
    edge.released("cam", 4);
    assertThat(edge.objectBytes()).as("of an earlier owner").isEqualTo(2);
    edge.released("cam", 5);
    assertThat(edge.objectBytes()).isZero();
  }
}
