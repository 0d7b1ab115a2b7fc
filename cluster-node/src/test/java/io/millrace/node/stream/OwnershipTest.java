package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.cluster.PauseGuard;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.store.FencedException;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.state.DurableStateStoreRegistry;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;
import org.apache.pekko.persistence.state.javadsl.GetObjectResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One of several possible owners: when it acts, when it holds back, when it lets go. */
class OwnershipTest extends OneStream {
  private static final Endpoint DATA = new Endpoint("127.0.0.1", 1936);

  private final AtomicBoolean majority = new AtomicBoolean(true);
  private final AtomicLong nanos = new AtomicLong();
  private final PauseGuard pause = new PauseGuard(nanos::get);
  private final OwnerGuards guards = OwnerGuards.of(majority::get, pause, registry);
  private volatile boolean segmentsRefused;

  @BeforeEach
  void watchPauses() {
    edge.refuseWhile(pause::paused);
  }

  /** Refuses objects as a store does that has seen a later owner's. */
  @Override
  SegmentStore seenByStream(SegmentStore store) {
    return (SegmentStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SegmentStore.class},
            (proxy, method, arguments) ->
                segmentsRefused && method.getName().equals("put")
                    ? CompletableFuture.failedStage(new FencedException("epoch: 1"))
                    : method.invoke(store, arguments));
  }

  private ActorRef<StreamActor.Command> spawn() {
    return spawn("first", guards);
  }

  private ActorRef<StreamActor.Command> spawn(String node, OwnerGuards ownGuards) {
    return spawn(
        StreamSamples.settings(SecondPublisher.TAKE_OVER, Duration.ofSeconds(1)),
        new NodeIdentity(node, DATA, Endpoint.NONE),
        ownGuards);
  }

  private boolean refusesPlaylists() {
    return edge.open("cam").toCompletableFuture().join().orElseThrow().paused();
  }

  private ActorRef<StreamActor.Command> liveWithOneSegment() {
    ActorRef<StreamActor.Command> stream = spawn();
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    await("segment 0 is acknowledged", () -> calls().contains("durable source 0"));
    return stream;
  }

  /** The process stood still for that long; nothing ran meanwhile. */
  private void standStill(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  private double fenced() {
    return registry.counter("millrace.stream.fenced").count();
  }

  // --- claims -----------------------------------------------------------------------------------

  @Test
  void claimsNothingWithoutAMajorityAndAnswersWhenThereIsOne() {
    majority.set(false);
    ActorRef<StreamActor.Command> stream = spawn();
    ask(stream, lease(0));
    time.expectNoMessageFor(Duration.ofSeconds(5), replies);
    assertThat(Files.exists(data.resolve("state/cam.state"))).isFalse();
    majority.set(true);
    time.timePasses(Duration.ofMillis(500));
    LeaseReply.Accepted reply = (LeaseReply.Accepted) replies.receiveMessage(SOON);
    assertThat(reply.epoch()).isEqualTo(1);
    assertThat(reply.data()).isEqualTo(DATA);
  }

  @Test
  void stopsWhenAnotherNodeTookTheStreamAndDoesNotStartItAgainAtOnce() {
    ActorRef<StreamActor.Command> old = liveWithOneSegment();
    FakeEngines.FakeEngine oldEngine = engines.newest();
    OwnerGuards others = OwnerGuards.of(() -> true, pause, new SimpleMeterRegistry());
    LeaseReply.Accepted next = accepted(spawn("second", others), 1);
    assertThat(next.epoch()).isEqualTo(2);

    oldEngine.makeSegment(1);
    TestProbe<Void> watcher = testKit.createTestProbe();
    await("the old owner is fenced", () -> fenced() == 1);
    watcher.expectTerminated(old, SOON);
    oldEngine.awaitCall(replies, "stop");
    assertThat(oldEngine.calls).doesNotContain("durable source 1");
    assertThat(playlist()).doesNotContain("1-1.m4s");

    int enginesBefore = engines.count();
    ActorRef<StreamActor.Command> again = spawn();
    ask(again, lease(1));
    time.timePasses(Duration.ofMillis(1500));
    assertThat(engines.count()).isEqualTo(enginesBefore);
    assertThat(guards.fenced().barredFor("cam")).isPositive();
  }

  @Test
  void stopsWhenAnotherNodesClaimOfTheSameEpochIsInTheStore() {
    ActorRef<StreamActor.Command> stream = liveWithOneSegment();
    overwriteByAnotherOwner();
    engines.newest().makeSegment(1);
    TestProbe<Void> watcher = testKit.createTestProbe();
    await("it is fenced", () -> fenced() == 1);
    watcher.expectTerminated(stream, SOON);
    assertThat(calls()).contains("stop").doesNotContain("durable source 1");
  }

  @SuppressWarnings("unchecked") // the registry hands out stores of any state
  private void overwriteByAnotherOwner() {
    DurableStateUpdateStore<StreamState> store =
        (DurableStateUpdateStore<StreamState>)
            DurableStateStoreRegistry.get(testKit.system())
                .getDurableStateStoreFor(
                    DurableStateUpdateStore.class, "millrace-runtime.file-state-store");
    GetObjectResult<StreamState> stored = store.getObject("cam").toCompletableFuture().join();
    StreamState mine = stored.value().orElseThrow();
    StreamState others =
        new StreamState(
            mine.schema(),
            mine.streamId(),
            mine.epoch(),
            mine.session(),
            mine.status(),
            mine.startedAtMs(),
            mine.deadlineMs(),
            "second",
            mine.pipeline(),
            mine.windows());
    var unused =
        store.upsertObject("cam", stored.revision() + 1, others, "").toCompletableFuture().join();
  }

  @Test
  void stopsWhenTheStoreTakesNoSegmentOfItsEpochAnyMore() {
    ActorRef<StreamActor.Command> stream = liveWithOneSegment();
    TestProbe<Void> watcher = testKit.createTestProbe();
    segmentsRefused = true;
    LoggingTestKit.warn("stopping here: " + FencedException.class.getName() + ": epoch: 1")
        .expect(
            testKit.system(),
            () -> {
              engines.newest().makeSegment(1);
              return null;
            });
    watcher.expectTerminated(stream, SOON);
    assertThat(fenced()).isEqualTo(1);
    assertThat(calls()).contains("stop").doesNotContain("stored source 1");
  }

  @Test
  void showsNothingNewWithoutAMajorityAndCatchesUpWhenThereIsOne() {
    liveWithOneSegment();
    majority.set(false);
    engines.newest().makeSegment(1);
    engines.newest().awaitCall(replies, "stored source 1");
    time.timePasses(StateKeeper.COALESCE);
    replies.expectNoMessage(Duration.ofMillis(500));
    assertThat(calls()).doesNotContain("durable source 1");
    majority.set(true);
    engines.newest().makeSegment(2);
    await("both are acknowledged", () -> calls().contains("durable source 2"));
    assertThat(calls()).contains("durable source 1");
    await("both are listed", () -> playlist().contains("1-2.m4s"));
    assertThat(playlist()).contains("1-1.m4s");
  }

  // --- pauses -----------------------------------------------------------------------------------

  @Test
  void goesOnAfterAPauseWhenTheStoreConfirmsItsEpoch() {
    liveWithOneSegment();
    standStill(Duration.ofSeconds(5));
    assertThat(refusesPlaylists()).isTrue();
    pause.beat();
    await("the owner is confirmed", () -> !refusesPlaylists());
    engines.newest().makeSegment(1);
    await("it goes on", () -> playlist().contains("1-1.m4s"));
    assertThat(calls()).contains("durable source 1");
    assertThat(fenced()).isZero();
  }

  @Test
  void showsNothingThatBecameDurableBeforeItIsConfirmed() throws IOException {
    liveWithOneSegment();
    engines.newest().makeSegment(1);
    engines.newest().awaitCall(replies, "stored source 1");
    standStill(Duration.ofSeconds(5));
    time.timePasses(StateKeeper.COALESCE);
    replies.expectNoMessage(Duration.ofMillis(500));
    assertThat(calls()).doesNotContain("durable source 1");
    pause.beat();
    await("it goes on", () -> calls().contains("durable source 1"));
    assertThat(refusesPlaylists()).isFalse();
  }

  @Test
  void stopsAfterAPauseInWhichAnotherNodeTookTheStream() {
    ActorRef<StreamActor.Command> old = liveWithOneSegment();
    FakeEngines.FakeEngine oldEngine = engines.newest();
    standStill(Duration.ofSeconds(30));
    PauseGuard othersPause = new PauseGuard(nanos::get);
    OwnerGuards others = OwnerGuards.of(() -> true, othersPause, new SimpleMeterRegistry());
    accepted(spawn("second", others), 1);
    TestProbe<Void> watcher = testKit.createTestProbe();
    pause.beat();
    watcher.expectTerminated(old, SOON);
    oldEngine.awaitCall(replies, "stop");
    assertThat(fenced()).isEqualTo(1);
  }

  // --- hand-over --------------------------------------------------------------------------------

  @Test
  void handsALiveStreamOverAtASegmentBoundaryWithoutEndingItsSession() {
    ActorRef<StreamActor.Command> stream = liveWithOneSegment();
    FakeEngines.FakeEngine leaving = engines.newest();
    leaving.boundary = 2;
    stream.tell(new StreamActor.Stop());
    leaving.awaitCall(replies, "cut");
    assertThat(leaving.calls).doesNotContain("stop");
    leaving.makeSegment(1);
    TestProbe<Void> watcher = testKit.createTestProbe();
    await("the segment is acknowledged", () -> leaving.calls.contains("durable source 1"));
    watcher.expectTerminated(stream, SOON);
    assertThat(leaving.calls).containsSubsequence("durable source 1", "stop");
    assertThat(leaving.calls).noneMatch(call -> call.startsWith("end "));

    LeaseReply.Accepted next = accepted(spawn(), 1);
    assertThat(next.epoch()).isEqualTo(2);
    assertThat(next.session()).isEqualTo(1);
    engines.newest().awaitCall(replies, "resume 1");
    await("the playlist goes on", () -> playlist().contains("1-1.m4s"));
    assertThat(playlist()).doesNotContain("ENDLIST");
  }

  @Test
  void handsOverWithoutABoundaryWhenNoneComes() {
    ActorRef<StreamActor.Command> stream = liveWithOneSegment();
    FakeEngines.FakeEngine leaving = engines.newest();
    leaving.boundary = 2;
    TestProbe<Void> watcher = testKit.createTestProbe();
    stream.tell(new StreamActor.Stop());
    leaving.awaitCall(replies, "cut");
    time.timePasses(Duration.ofSeconds(6));
    watcher.expectTerminated(stream, SOON);
    assertThat(accepted(spawn(), 1).session()).isEqualTo(1);
  }
}
