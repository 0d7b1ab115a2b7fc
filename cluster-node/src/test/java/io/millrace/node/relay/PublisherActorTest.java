package io.millrace.node.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.node.CommandSamples;
import io.millrace.node.TestKits;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.ingest.PublishRequest;
import io.millrace.node.ingest.PublisherControl;
import io.millrace.node.ingest.UnitSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connected publisher over the life and death of the owners of its stream. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PublisherActorTest {
  private static final PublishRequest REQUEST = new PublishRequest("cam", "peer");

  private record Asked(LeaseRequest request, ActorRef<LeaseReply> replyTo) {}

  private final ActorTestKit testKit = TestKits.local();
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private LeaseRequest newest;
  private final List<String> closed = new CopyOnWriteArrayList<>();
  private final LocalOwners owners = new LocalOwners();
  private final CompletableFuture<PublishAnswer> answer = new CompletableFuture<>();
  private final PublisherActor.Dependencies dependencies =
      new PublisherActor.Dependencies(
          RelaySettings.standard(),
          (request, publisher, replyTo) -> asked.add(new Asked(request, replyTo)),
          RelayConnector.local(owners),
          RelayNodes.inMemory());

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  private ActorRef<PublisherActor.Command> spawn() {
    return testKit.spawn(PublisherActor.create(dependencies, REQUEST, new Control(), answer));
  }

  /** The owner of {@code epoch} takes the next request that is not a repetition. */
  private OwnerLink own(long epoch, long firstSeq, String previousRequest) throws Exception {
    Asked next = askedAfter(previousRequest);
    newest = next.request();
    CompletableFuture<OwnerLink> link = new CompletableFuture<>();
    owners.expect(new LeaseKey("cam", epoch, 5), link::complete);
    next.replyTo()
        .tell(
            new LeaseReply.Accepted(newest.requestId(), "node", Endpoint.NONE, epoch, 5, firstSeq));
    return link.get();
  }

  private Asked askedAfter(String previousRequest) throws InterruptedException {
    Asked next = asked.take();
    while (next.request().requestId().equals(previousRequest)) {
      next = asked.take();
    }
    return next;
  }

  private static void reject(Asked asked, PublishAnswer.Reason reason, String text) {
    asked.replyTo().tell(new LeaseReply.Rejected(asked.request().requestId(), reason, text));
  }

  private static List<Long> take(OwnerLink link, int count) {
    List<Long> seen = new ArrayList<>();
    while (seen.size() < count) {
      Optional<RelayFrame> frame = link.poll();
      if (frame.isPresent()) {
        seen.add(((RelayFrame.Unit) frame.get()).unit().seq());
      } else {
        Thread.onSpinWait();
      }
    }
    return seen;
  }

  @Test
  void goesOnAtTheNextOwnerWithWhatWasNotAcknowledged() throws Exception {
    spawn();
    OwnerLink first = own(1, 0, "");
    assertThat(newest.resumeSession()).isZero();
    UnitSink sink = ((PublishAnswer.Accepted) answer.get()).sink();
    for (int i = 0; i < 6; i++) {
      sink.offer(Units.video(0, i * 40L, i % 3 == 0, 10));
    }
    assertThat(take(first, 6)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    first.acknowledge(2);
    String firstRequest = newest.requestId();

    first.release();
    sink.offer(Units.video(0, 240, true, 10));
    OwnerLink second = own(2, 3, firstRequest);
    assertThat(newest.resumeSession()).isEqualTo(5);
    assertThat(take(second, 4)).containsExactly(3L, 4L, 5L, 6L);
    sink.offer(Units.video(0, 280, false, 10));
    assertThat(take(second, 1)).containsExactly(7L);
    assertThat(closed).isEmpty();
  }

  @Test
  void keepsAskingWhileTheStoreIsUnavailable() throws Exception {
    spawn();
    OwnerLink first = own(1, 0, "");
    UnitSink sink = ((PublishAnswer.Accepted) answer.get()).sink();
    String firstRequest = newest.requestId();
    first.release();
    sink.offer(Units.video(0, 0, true, 10));
    for (int i = 0; i < 3; i++) {
      reject(asked.take(), PublishAnswer.Reason.UNAVAILABLE, "no store");
    }
    assertThat(take(own(2, 0, firstRequest), 1)).containsExactly(0L);
    assertThat(closed).isEmpty();
  }

  @Test
  void closesTheConnectionWhenTheStreamHasGoneOnWithoutIt() throws Exception {
    ActorRef<PublisherActor.Command> publisher = spawn();
    OwnerLink first = own(1, 0, "");
    answer.get();
    String firstRequest = newest.requestId();
    first.release();
    reject(askedAfter(firstRequest), PublishAnswer.Reason.SUPERSEDED, "gone on");
    TestProbe<Void> watcher = testKit.createTestProbe();
    watcher.expectTerminated(publisher, Duration.ofSeconds(20));
    assertThat(closed).containsExactly("REFUSED gone on");
  }

  @Test
  void isNotOvertakenByWhoeverTakesOver() throws Exception {
    ActorRef<PublisherActor.Command> publisher = spawn();
    OwnerLink owner = own(1, 0, "");
    UnitSink sink = ((PublishAnswer.Accepted) answer.get()).sink();
    TestProbe<Void> watcher = testKit.createTestProbe();
    owner.finish("taken over");
    watcher.awaitAssert(() -> assertThat(closed).containsExactly("TAKEN_OVER taken over"));

    sink.offer(Units.video(0, 0, true, 10));
    sink.close(false);
    assertThat(take(owner, 1)).containsExactly(0L);
    assertThat(owner.poll()).contains(new RelayFrame.End(false));
    watcher.expectTerminated(publisher, Duration.ofSeconds(10));
  }

  @Test
  void handlesEveryCommandOfAPublisher() {
    CommandSamples.assertHandlesAll(
        PublisherActor.create(dependencies, REQUEST, new Control(), answer),
        CommandSamples.of(
            PublisherActor.Command.class,
            PublisherControl.CloseReason.KICKED,
            new LeaseReply.Rejected("other", PublishAnswer.Reason.DENIED, "text")));
  }

  @Test
  void leavesAStoppingNodeAfterTheNextAcknowledgement() throws Exception {
    ActorRef<PublisherActor.Command> publisher = spawn();
    OwnerLink owner = own(1, 0, "");
    UnitSink sink = ((PublishAnswer.Accepted) answer.get()).sink();
    sink.offer(Units.video(0, 0, true, 10));
    take(owner, 1);

    publisher.tell(PublisherActor.Leave.INSTANCE);
    TestProbe<Void> watcher = testKit.createTestProbe();
    watcher.awaitAssert(
        () -> {
          owner.acknowledge(0);
          return assertThat(closed).hasSize(1);
        });
    assertThat(closed.get(0)).startsWith("leave");
    sink.close(false);
    watcher.expectTerminated(publisher);
  }

  @Test
  void keepsTheEndOfAPublishUntilItIsDurable() throws Exception {
    ActorRef<PublisherActor.Command> publisher = spawn();
    OwnerLink first = own(1, 0, "");
    UnitSink sink = ((PublishAnswer.Accepted) answer.get()).sink();
    sink.offer(Units.video(0, 0, true, 10));
    sink.close(true);
    take(first, 1);
    assertThat(first.poll()).contains(new RelayFrame.End(true));
    String firstRequest = newest.requestId();
    first.release();

    OwnerLink second = own(2, 0, firstRequest);
    assertThat(newest.resumeSession()).isEqualTo(5);
    assertThat(take(second, 1)).containsExactly(0L);
    assertThat(second.poll()).contains(new RelayFrame.End(true));
    TestProbe<Void> watcher = testKit.createTestProbe();
    second.acknowledge(0);
    watcher.expectTerminated(publisher, Duration.ofSeconds(10));
    assertThat(closed).as("a connection that may publish something else now").isEmpty();
  }

  @Test
  void leavesTheConnectionAloneWhenTheStreamNeedsTheEndNoMore() throws Exception {
    ActorRef<PublisherActor.Command> publisher = spawn();
    OwnerLink first = own(1, 0, "");
    UnitSink sink = ((PublishAnswer.Accepted) answer.get()).sink();
    sink.offer(Units.video(0, 0, true, 10));
    sink.close(true);
    String firstRequest = newest.requestId();
    first.release();
    reject(askedAfter(firstRequest), PublishAnswer.Reason.SUPERSEDED, "all is here");
    TestProbe<Void> watcher = testKit.createTestProbe();
    watcher.expectTerminated(publisher, Duration.ofSeconds(10));
    assertThat(closed).isEmpty();
  }

  @Test
  void handlesEveryCommandOfThePublishersParent() {
    for (RelayGateway.Command command :
        CommandSamples.of(
            RelayGateway.Command.class,
            REQUEST,
            new Control(),
            new CompletableFuture<>(),
            TestInbox.create().getRef())) {
      CommandSamples.assertHandled(
          BehaviorTestKit.create(
              RelayGateway.create(
                  RelaySettings.standard(),
                  dependencies.leases(),
                  dependencies.connector(),
                  new SimpleMeterRegistry())),
          command);
    }
  }

  private final class Control implements PublisherControl {
    @Override
    public void close(CloseReason reason, String text) {
      closed.add(reason + " " + text);
    }

    @Override
    public void leave(String text) {
      closed.add("leave " + text);
    }

    @Override
    public void resumeReading() {}
  }
}
