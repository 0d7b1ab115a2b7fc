package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.HlsStream;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.Test;

/** Life of one stream. */
class StreamActorTest extends OneStream {
  @Test
  void stopsAgainWhenItIsWokenForNothing() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.TAKE_OVER);
    stream.tell(new StreamActor.Wake());
    shard.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          pass(UnownedStream.IDLE);
          return shard.expectMessageClass(ClusterSharding.Passivate.class, Duration.ofMillis(200));
        });
    stream.tell(new StreamActor.Stop());
    shard.expectTerminated(stream, Duration.ofSeconds(10));
  }

  @Test
  void waitsForThePublisherAndEndsAfterTheGrace() throws Exception {
    startWithOneSegment(SecondPublisher.TAKE_OVER);
    engines.newest().tell(new EngineEvent.SessionOver(1));
    awaitState("reconnecting");
    pass(StreamSamples.GRACE.minusSeconds(1));
    assertThat(playlist()).doesNotContain("ENDLIST");
    pass(Duration.ofSeconds(1));
    awaitState("ended");
    awaitListed("#EXT-X-ENDLIST");
    pass(StreamSamples.RETENTION);
    shard.expectMessageClass(ClusterSharding.Passivate.class, Duration.ofSeconds(10));
    assertThat(directory.get("cam").toCompletableFuture().get()).isEmpty();
    assertThat(statuses.get("cam")).isEmpty();
  }

  @Test
  void listsAndAcknowledgesASegmentOnlyWhenItsStateIsDurable() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    engines.newest().awaitCall(replies, "stored source 0");
    assertThat(playlist()).doesNotContain("1-0.m4s");
    assertThat(calls()).doesNotContain("durable source 0");
    awaitListed("1-0.m4s");
    engines.newest().awaitCall(replies, "durable source 0");
  }

  @Test
  void continuesTheMediaSequenceInANewIncarnation() throws Exception {
    ActorRef<StreamActor.Command> stream = startWithOneSegment(SecondPublisher.TAKE_OVER);
    testKit.stop(stream);

    ActorRef<StreamActor.Command> next = start(SecondPublisher.TAKE_OVER);
    next.tell(new StreamActor.Wake());
    awaitListed("1-0.m4s");
    LeaseReply.Accepted resumed = accepted(next, 1);
    assertThat(resumed.epoch()).isEqualTo(2);
    assertThat(resumed.session()).isEqualTo(1);
    assertThat(engines.newest().recovered).isPresent();
    assertThat(calls()).contains("resume 1");
    engines.newest().makeSegment(1);
    awaitListed("2-1.m4s");
    assertThat(playlist()).contains("#EXT-X-MEDIA-SEQUENCE:0", "1-0.m4s");
  }

  @Test
  void endsARecoveredStreamWhosePublisherStaysAway() throws Exception {
    ActorRef<StreamActor.Command> stream = startWithOneSegment(SecondPublisher.TAKE_OVER);
    testKit.stop(stream);

    ActorRef<StreamActor.Command> next = start(SecondPublisher.TAKE_OVER);
    awaitHandled(next);
    awaitListed("1-0.m4s");
    awaitState("live");
    pass(StreamSettings.RELAY_WAIT);
    awaitState("reconnecting");
    pass(StreamSamples.GRACE.minusSeconds(1));
    assertThat(playlist()).doesNotContain("ENDLIST");
    pass(Duration.ofSeconds(1));
    awaitState("ended");
    awaitListed("#EXT-X-ENDLIST");
    assertThat(playlist()).contains("1-0.m4s");
  }

  @Test
  void givesARecoveredStreamWithoutPublisherItsStoredDeadlineButAFairChance() throws Exception {
    ActorRef<StreamActor.Command> stream = startWithOneSegment(SecondPublisher.TAKE_OVER);
    engines.newest().tell(new EngineEvent.SessionOver(1));
    awaitState("reconnecting");
    pass(StreamSamples.GRACE.minusSeconds(2));
    testKit.stop(stream);

    awaitHandled(start(SecondPublisher.TAKE_OVER));
    awaitListed("1-0.m4s");
    pass(StreamSettings.RESTART_GRACE.minusSeconds(1));
    awaitState("reconnecting");
    pass(Duration.ofSeconds(1));
    awaitState("ended");
  }

  @Test
  void endsAtOnceWhenItIsKicked() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    TestProbe<StreamActor.KickReply> kicks = testKit.createTestProbe();
    stream.tell(new StreamActor.Kick(kicks.getRef()));
    assertThat(kicks.receiveMessage().kicked()).isTrue();
    engines.newest().awaitCall(replies, "end KICKED");
    pass(Duration.ofSeconds(3));
    awaitState("ended");
    stream.tell(new StreamActor.Kick(kicks.getRef()));
    assertThat(kicks.receiveMessage().kicked()).isFalse();
  }

  @Test
  void startsAnewWhenAnEndedStreamIsPublishedAgain() throws Exception {
    ActorRef<StreamActor.Command> stream = startWithOneSegment(SecondPublisher.TAKE_OVER);
    engines.newest().tell(new EngineEvent.SessionOver(1));
    awaitState("reconnecting");
    pass(StreamSamples.GRACE);
    awaitState("ended");
    LeaseReply.Accepted again = accepted(stream, 0);
    assertThat(again.epoch()).isEqualTo(2);
    assertThat(again.session()).isEqualTo(2);
    assertThat(engines.newest().recovered).isEmpty();
    engines.newest().makeSegment(0);
    awaitListed("2-0.m4s");
    assertThat(playlist()).doesNotContain("1-0.m4s");
    assertThat(fetchable("1-0.m4s")).as("rule H18").isTrue();
    assertThat(fetchable("2-0.m4s")).isTrue();
  }

  private boolean fetchable(String name) throws Exception {
    HlsStream cam = edge.open("cam").toCompletableFuture().get().orElseThrow();
    return cam.object("source", name).toCompletableFuture().get().isPresent();
  }

  @Test
  void keepsTheDirectoryUpToDate() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.SessionOver(1));
    replies.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          Optional<DirectoryEntry> entry =
              directory.get("cam").toCompletableFuture().getNow(Optional.empty());
          assertThat(entry.map(DirectoryEntry::status)).contains("RECONNECTING");
          assertThat(entry.map(DirectoryEntry::slot)).contains(7);
          return null;
        });
  }
}
