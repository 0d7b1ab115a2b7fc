package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.store.SegmentStore;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.cluster.PauseGuard;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream whose stores fail for a while: it goes on from memory and acknowledges nothing. */
class StoreOutageTest extends OneStream {
  private static final Duration DOUBT = Duration.ofMillis(300);

  private final AtomicBoolean majority = new AtomicBoolean(true);
  private final AtomicBoolean segmentsFail = new AtomicBoolean();
  private ActorRef<StreamActor.Command> stream;

  @BeforeEach
  void startStream() {
    stream =
        spawn(
            StreamSamples.settings(SecondPublisher.TAKE_OVER, DOUBT),
            NodeIdentity.single("node"),
            OwnerGuards.of(majority::get, PauseGuard.start(), registry));
  }

  @Override
  SegmentStore seenByStream(SegmentStore store) {
    return new GuardedSegments(store, this::mayWrite);
  }

  private CompletionStage<Void> mayWrite() {
    return segmentsFail.get()
        ? CompletableFuture.failedFuture(new IOException("the disk is full"))
        : CompletableFuture.completedFuture(null);
  }

  private boolean lists(String name) {
    return playlist().contains(name);
  }

  private boolean isStored(String name) {
    return segments.get("cam", "source", name).toCompletableFuture().join() != null;
  }

  private void liveWithOneSegment() {
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    await("segment 0 is acknowledged", () -> calls().contains("durable source 0"));
  }

  @Test
  void listsFromMemoryAndAcknowledgesNothingWhileSegmentsCannotBeWritten() {
    liveWithOneSegment();
    segmentsFail.set(true);
    engines.newest().makeSegment(1);
    await("segment 1 is listed from memory", () -> lists("1-1.m4s"));
    engines.newest().makeSegment(2);
    await("segment 2 is listed from memory", () -> lists("1-2.m4s"));
    assertThat(isStored("1-1.m4s")).isFalse();
    assertThat(calls()).doesNotContain("stored source 1", "durable source 1");
    assertThat(edge.open("cam").toCompletableFuture().join().orElseThrow().paused()).isFalse();

    segmentsFail.set(false);
    await("all is acknowledged", () -> calls().contains("durable source 2"));
    assertThat(calls())
        .containsSubsequence("stored source 1", "durable source 1", "durable source 2")
        .containsSubsequence("stored source 2", "durable source 2");
    assertThat(isStored("1-1.m4s")).isTrue();
    assertThat(isStored("1-2.m4s")).isTrue();
    assertThat(playlist().split("1-1.m4s", -1)).hasSize(2);
    assertThat(playlist()).doesNotContain("#EXT-X-DISCONTINUITY\n", "GAP");
  }

  @Test
  void listsFromMemoryAndAcknowledgesNothingWhileTheStateCannotBeWritten() throws IOException {
    liveWithOneSegment();
    Outage outage = new Outage(data.resolve("state"));
    engines.newest().makeSegment(1);
    await("segment 1 is listed from memory", () -> lists("1-1.m4s"));
    assertThat(isStored("1-1.m4s")).isTrue();
    assertThat(calls()).contains("stored source 1").doesNotContain("durable source 1");

    outage.close();
    await("all is acknowledged", () -> calls().contains("durable source 1"));
    engines.newest().makeSegment(2);
    await("the stream goes on", () -> calls().contains("durable source 2"));
    assertThat(playlist()).doesNotContain("#EXT-X-DISCONTINUITY\n", "GAP");
  }

  @Test
  void listsWhatWasInDoubtWhileItHeldBackWhenItMayGoOn() {
    liveWithOneSegment();
    segmentsFail.set(true);
    majority.set(false);
    engines.newest().makeSegment(1);
    awaitHandled(stream);
    pass(DOUBT.multipliedBy(10));
    awaitHandled(stream);
    assertThat(lists("1-1.m4s")).isFalse();

    majority.set(true);
    engines.newest().tell(new EngineEvent.SessionOver(1));
    await("segment 1 is listed from memory", () -> lists("1-1.m4s"));
    engines.newest().makeSegment(2);
    await("segment 2 is listed from memory", () -> lists("1-2.m4s"));
    segmentsFail.set(false);
    await("all is acknowledged", () -> calls().contains("durable source 2"));
    assertThat(engines.count()).isEqualTo(1);
  }

  @Test
  void acceptsAPublisherThatComesBackToALivingStream() throws IOException {
    liveWithOneSegment();
    engines.newest().tell(new EngineEvent.SessionOver(1));
    Outage outage = new Outage(data.resolve("state"));
    ask(stream, lease(0));
    await("the session is open", () -> calls().contains("start 2"));
    assertThat(replies.receiveMessage(SOON)).isInstanceOf(LeaseReply.Accepted.class);
    outage.close();
  }

  @Test
  void listsOneSegmentAfterTheOtherWhileTheStateCannotBeWritten() throws IOException {
    liveWithOneSegment();
    Outage outage = new Outage(data.resolve("state"));
    for (int msn = 1; msn <= 3; msn++) {
      String name = "1-" + msn + ".m4s";
      engines.newest().makeSegment(msn);
      await(name + " is listed from memory", () -> lists(name));
    }
    assertThat(calls()).doesNotContain("durable source 1");
    outage.close();
    await("all is acknowledged", () -> calls().contains("durable source 3"));
  }

  @Test
  void acceptsPublishersForAsLongAsTheStateCannotBeWritten() throws IOException {
    liveWithOneSegment();
    Outage outage = new Outage(data.resolve("state"));
    for (int session = 2; session <= 3; session++) {
      engines.newest().tell(new EngineEvent.SessionOver(session - 1));
      awaitState("reconnecting");
      pass(DOUBT.multipliedBy(10));
      ask(stream, lease(0));
      String start = "start " + session;
      await("the session is open: " + start, () -> calls().contains(start));
      assertThat(replies.receiveMessage(SOON)).isInstanceOf(LeaseReply.Accepted.class);
    }
    outage.close();
  }

  @Test
  void forgetsAStreamThatEndedMeanwhileWhenTheStateCanBeWrittenAgain() throws IOException {
    liveWithOneSegment();
    Outage outage = new Outage(data.resolve("state"));
    engines.newest().tell(new EngineEvent.SessionOver(1));
    awaitState("reconnecting");
    pass(StreamSamples.GRACE);
    awaitState("ended");
    pass(StreamSamples.RETENTION);
    awaitHandled(stream);
    shard.expectNoMessage(Duration.ofMillis(200));
    assertThat(directory.get("cam").toCompletableFuture().join()).isPresent();

    outage.close();
    shard.awaitAssert(
        SOON,
        () -> {
          pass(StreamSettings.FORGET_RETRY);
          return shard.expectMessageClass(ClusterSharding.Passivate.class, Duration.ofMillis(200));
        });
    assertThat(directory.get("cam").toCompletableFuture().join()).isEmpty();
  }

  @Test
  void leavesTheNodeInTimeWhenTheStateHasNotBeenWrittenForLong() throws IOException {
    liveWithOneSegment();
    Outage outage = new Outage(data.resolve("state"));
    engines.newest().tell(new EngineEvent.SessionOver(1));
    awaitState("reconnecting");
    pass(DOUBT.multipliedBy(10));
    awaitHandled(stream);
    TestProbe<Void> watcher = testKit.createTestProbe();
    stream.tell(new StreamActor.Stop());
    time.timePasses(Duration.ofSeconds(2));
    watcher.expectTerminated(stream, SOON);
    outage.close();
  }

  @Test
  void refusesANewStreamWhileTheStateCannotBeRead() throws IOException {
    try (Outage outage = new Outage(data.resolve("state"))) {
      assertThat(outage.isOn()).isTrue();
      ask(stream, lease(0));
      TestProbe<Void> watcher = testKit.createTestProbe();
      time.timePasses(DOUBT);
      LeaseReply reply = replies.receiveMessage(SOON);
      assertThat(reply).isInstanceOf(LeaseReply.Rejected.class);
      assertThat(((LeaseReply.Rejected) reply).reason())
          .isEqualTo(PublishAnswer.Reason.UNAVAILABLE);
      watcher.expectTerminated(stream, SOON);
    }
  }

  /** While it is on, the directory is a file: nothing in it can be read or written. */
  private static final class Outage implements AutoCloseable {
    private final Path directory;
    private final Path away;

    Outage(Path directory) throws IOException {
      this.directory = directory;
      this.away = directory.resolveSibling("away");
      if (Files.exists(directory)) {
        Files.move(directory, away);
      }
      Files.createFile(directory);
    }

    boolean isOn() {
      return Files.isRegularFile(directory);
    }

    @Override
    public void close() throws IOException {
      Files.delete(directory);
      if (Files.exists(away)) {
        Files.move(away, directory);
      }
    }
  }
}
