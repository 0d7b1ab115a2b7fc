package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.TestKits;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.cluster.PauseGuard;
import io.millrace.node.edge.EdgeSettingsSamples;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.edge.StreamStatuses;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.relay.LeaseRequest;
import io.millrace.node.relay.PublisherActor;
import io.millrace.node.store.FencedException;
import io.millrace.node.store.FileSegmentStore;
import io.millrace.node.store.FileStreamDirectory;
import io.millrace.node.store.StoreSettings;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of several possible owners: when it acts, when it holds back, when it lets go. */
class OwnershipTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Endpoint DATA = new Endpoint("127.0.0.1", 1936);

  @TempDir Path data;

  private final FakeEngines engines = new FakeEngines();
  private final AtomicBoolean majority = new AtomicBoolean(true);
  private final AtomicLong nanos = new AtomicLong();
  private final PauseGuard pause = new PauseGuard(nanos::get);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final StreamStatuses statuses = new StreamStatuses();
  private OwnerGuards guards;
  private ActorTestKit testKit;
  private ManualTime time;
  private StreamEdge edge;
  private FileStreamDirectory directory;
  private SegmentStore segments;
  private volatile boolean segmentsRefused;
  private TestProbe<LeaseReply> replies;
  private int requests;

  @BeforeEach
  void start() throws IOException {
    guards = OwnerGuards.of(majority::get, pause, registry);
    testKit = TestKits.manualTime(data);
    time = ManualTime.get(testKit.system());
    replies = testKit.createTestProbe();
    StoreSettings store = new StoreSettings(data, false);
    directory = FileStreamDirectory.open(store, Runnable::run);
    segments = refusable(new FileSegmentStore(store, Runnable::run));
    edge =
        new StreamEdge(
            EdgeSettingsSamples.of(Duration.ofSeconds(10), 1 << 20), directory, segments);
    edge.refuseWhile(pause::paused);
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  /** Refuses objects as a store does that has seen a later owner's. */
  private SegmentStore refusable(SegmentStore store) {
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
    return testKit.spawn(
        StreamActor.create(
            new StreamActor.Dependencies(
                StreamActorTest.settings(SecondPublisher.TAKE_OVER, Duration.ofSeconds(1)),
                engines,
                listener -> {
                  throw new AssertionError("no worker is needed");
                },
                segments,
                directory,
                edge,
                statuses,
                new TranscodeCapacity(2),
                registry,
                new NodeIdentity(node, DATA, Endpoint.NONE),
                ownGuards,
                "millrace-runtime.file-state-store",
                System::currentTimeMillis),
            "s1|cam",
            testKit.<ClusterSharding.ShardCommand>createTestProbe().getRef()));
  }

  private void request(ActorRef<StreamActor.Command> stream, long resumeSession) {
    requests++;
    stream.tell(
        new StreamActor.StartPublish(
            new LeaseRequest("cam", "request-" + requests, resumeSession, "peer", "encoder"),
            testKit.<PublisherActor.Command>createTestProbe().getRef(),
            replies.getRef()));
  }

  private LeaseReply.Accepted accepted(ActorRef<StreamActor.Command> stream, long resumeSession) {
    request(stream, resumeSession);
    return (LeaseReply.Accepted) replies.receiveMessage(SOON);
  }

  /** Lets timers run until {@code condition} holds. */
  private void await(String why, Supplier<Boolean> condition) {
    replies.awaitAssert(
        SOON,
        () -> {
          time.timePasses(Duration.ofMillis(100));
          assertThat(condition.get()).as(why).isTrue();
          return null;
        });
  }

  private String playlist() {
    return edge.open("cam")
        .toCompletableFuture()
        .join()
        .flatMap(s -> s.mediaPlaylist("source"))
        .map(p -> new String(p.plain(), StandardCharsets.UTF_8))
        .orElse("");
  }

  private boolean refusesPlaylists() {
    return edge.open("cam").toCompletableFuture().join().orElseThrow().paused();
  }

  private List<String> calls() {
    return engines.newest().calls;
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
    request(stream, 0);
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
    request(again, 1);
    time.timePasses(Duration.ofMillis(1500));
    assertThat(engines.count()).isEqualTo(enginesBefore);
    assertThat(guards.fenced().barredFor("cam")).isPositive();
  }

  @Test
  void stopsWhenTheStoreTakesNoSegmentOfItsEpochAnyMore() {
    ActorRef<StreamActor.Command> stream = liveWithOneSegment();
    TestProbe<Void> watcher = testKit.createTestProbe();
    segmentsRefused = true;
    engines.newest().makeSegment(1);
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
