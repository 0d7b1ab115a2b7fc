package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.TestKits;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.edge.EdgeSettingsSamples;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.edge.StreamStatuses;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.relay.LeaseRequest;
import io.millrace.node.relay.PublisherActor;
import io.millrace.node.store.FileSegmentStore;
import io.millrace.node.store.FileStreamDirectory;
import io.millrace.node.store.StoreSettings;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests of the stream {@code cam} in slot 7: real file stores, manual time, a media side that does
 * what it is told.
 */
abstract class OneStream {
  static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration STEP = Duration.ofMillis(100);

  @TempDir Path data;

  final FakeEngines engines = new FakeEngines();
  final StreamStatuses statuses = new StreamStatuses();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong wallClock = new AtomicLong(1_000_000);
  ActorTestKit testKit;
  ManualTime time;
  TestProbe<ClusterSharding.ShardCommand> shard;
  TestProbe<LeaseReply> replies;
  private TestProbe<PublisherActor.Command> publisher;
  FileStreamDirectory directory;
  SegmentStore segments;
  StreamEdge edge;
  private int requests;

  @BeforeEach
  void startSystem() throws IOException {
    testKit = TestKits.manualTime(data);
    time = ManualTime.get(testKit.system());
    shard = testKit.createTestProbe();
    replies = testKit.createTestProbe();
    publisher = testKit.createTestProbe();
    openStores();
  }

  @AfterEach
  void stopSystem() {
    testKit.shutdownTestKit();
  }

  /** The segments' store as the stream sees it. */
  SegmentStore seenByStream(SegmentStore store) {
    return store;
  }

  /** Again as after a restart of the process: only what is on the disk is left. */
  final void openStores() throws IOException {
    StoreSettings store = new StoreSettings(data, false);
    directory = FileStreamDirectory.open(store, Runnable::run);
    segments = seenByStream(new FileSegmentStore(store, Runnable::run));
    edge =
        new StreamEdge(
            EdgeSettingsSamples.of(Duration.ofSeconds(10), 1 << 20), directory, segments);
  }

  /** Its next incarnation in a process that has just started. */
  final ActorRef<StreamActor.Command> start(SecondPublisher policy) throws IOException {
    return start(policy, NodeIdentity.single("node"));
  }

  final ActorRef<StreamActor.Command> start(SecondPublisher policy, NodeIdentity self)
      throws IOException {
    openStores();
    return spawn(StreamSamples.settings(policy), self, Guards.none());
  }

  /** The first incarnation, published in session 1; segment 0 is listed. */
  final ActorRef<StreamActor.Command> startWithOneSegment(SecondPublisher policy)
      throws IOException {
    ActorRef<StreamActor.Command> stream = start(policy);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    awaitListed("1-0.m4s");
    return stream;
  }

  final ActorRef<StreamActor.Command> spawn(
      StreamSettings settings, NodeIdentity self, OwnerGuards guards) {
    return testKit.spawn(
        StreamActor.create(
            new StreamActor.Dependencies(
                settings,
                engines,
                listener -> {
                  throw new AssertionError("no worker is needed");
                },
                segments,
                directory,
                edge,
                statuses,
                new TranscodeCapacity(2),
                new WaitingBytes(1 << 20),
                registry,
                self,
                guards,
                "millrace-runtime.file-state-store",
                wallClock::get),
            "s7|cam",
            shard.getRef()));
  }

  /** From a client at the same address each time, on another port. */
  final LeaseRequest lease(long resumeSession) {
    return lease(resumeSession, "10.0.0.1:" + requests);
  }

  final LeaseRequest lease(long resumeSession, String peer) {
    requests++;
    return new LeaseRequest("cam", "request-" + requests, resumeSession, peer);
  }

  final void ask(ActorRef<StreamActor.Command> stream, LeaseRequest request) {
    stream.tell(new StreamActor.StartPublish(request, publisher.getRef(), replies.getRef()));
  }

  final LeaseReply publish(ActorRef<StreamActor.Command> stream, LeaseRequest request) {
    ask(stream, request);
    return replies.receiveMessage(SOON);
  }

  final LeaseReply publish(ActorRef<StreamActor.Command> stream, long resumeSession) {
    return publish(stream, lease(resumeSession));
  }

  final LeaseReply.Accepted accepted(ActorRef<StreamActor.Command> stream, long resumeSession) {
    LeaseReply reply = publish(stream, resumeSession);
    assertThat(reply).isInstanceOf(LeaseReply.Accepted.class);
    return (LeaseReply.Accepted) reply;
  }

  /** Everything that was told before is handled: a resume of an unknown session is refused. */
  final void awaitHandled(ActorRef<StreamActor.Command> stream) {
    assertThat(publish(stream, 99)).isInstanceOf(LeaseReply.Rejected.class);
  }

  final void pass(Duration duration) {
    wallClock.addAndGet(duration.toMillis());
    time.timePasses(duration);
  }

  /** Lets timers run until {@code condition} holds. */
  final void await(String why, BooleanSupplier condition) {
    replies.awaitAssert(
        SOON,
        () -> {
          time.timePasses(STEP);
          assertThat(condition.getAsBoolean()).as(why).isTrue();
          return null;
        });
  }

  final void awaitState(String state) {
    replies.awaitAssert(
        SOON,
        () -> {
          assertThat(statuses.get("cam").orElseThrow().state()).isEqualTo(state);
          return null;
        });
  }

  final void awaitListed(String line) {
    replies.awaitAssert(
        SOON,
        () -> {
          time.timePasses(StateKeeper.COALESCE);
          assertThat(playlist()).contains(line);
          return null;
        });
  }

  final String playlist() {
    return edge.open("cam")
        .toCompletableFuture()
        .join()
        .flatMap(s -> s.mediaPlaylist("source"))
        .map(p -> new String(p.plain(), StandardCharsets.UTF_8))
        .orElse("");
  }

  final List<String> calls() {
    return engines.newest().calls;
  }
}
