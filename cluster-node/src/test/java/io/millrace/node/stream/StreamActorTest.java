package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.http.HlsStream;
import io.millrace.media.MediaSegment;
import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.RenditionKind;
import io.millrace.media.SegmentRef;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.ladder.LadderSettings;
import io.millrace.media.segment.PipelineSettings;
import io.millrace.media.segment.PipelineState;
import io.millrace.media.segment.SheddingSettings;
import io.millrace.node.TestKits;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.edge.EdgeSettingsSamples;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.edge.StreamStatuses;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.placement.DirectoryEntry;
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
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Life of one stream: real file stores, manual time, a media side that does what it is told. */
class StreamActorTest {
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration RETENTION = Duration.ofSeconds(60);
  private static final String ENTITY = "s7|cam";

  @TempDir Path data;

  private ActorTestKit testKit;
  private ManualTime time;
  private FakeEngines engines;
  private StreamStatuses statuses;
  private StreamEdge edge;
  private FileStreamDirectory directory;
  private TestProbe<ClusterSharding.ShardCommand> shard;
  private TestProbe<LeaseReply> replies;
  private TestProbe<PublisherActor.Command> publisher;
  private final AtomicLong wallClock = new AtomicLong(1_000_000);
  private NodeIdentity self = NodeIdentity.single("node");
  private int requests;

  @BeforeEach
  void start() {
    testKit = TestKits.manualTime(data);
    time = ManualTime.get(testKit.system());
    engines = new FakeEngines();
    statuses = new StreamStatuses();
    shard = testKit.createTestProbe();
    replies = testKit.createTestProbe();
    publisher = testKit.createTestProbe();
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  private ActorRef<StreamActor.Command> spawn(SecondPublisher policy) throws IOException {
    StoreSettings store = new StoreSettings(data, false);
    directory = FileStreamDirectory.open(store, ForkJoinPool.commonPool());
    FileSegmentStore segments = new FileSegmentStore(store, ForkJoinPool.commonPool());
    edge =
        new StreamEdge(
            EdgeSettingsSamples.of(Duration.ofSeconds(10), 1 << 20), directory, segments);
    return testKit.spawn(
        StreamActor.create(
            new StreamActor.Dependencies(
                settings(policy),
                engines,
                listener -> {
                  throw new AssertionError("no worker is needed");
                },
                segments,
                directory,
                edge,
                statuses,
                new TranscodeCapacity(2),
                new SimpleMeterRegistry(),
                self,
                Guards.none(),
                "millrace-runtime.file-state-store",
                wallClock::get),
            ENTITY,
            shard.getRef()));
  }

  static StreamSettings settings(SecondPublisher policy) {
    return settings(policy, Duration.ofSeconds(2));
  }

  static StreamSettings settings(SecondPublisher policy, Duration storeDoubt) {
    Duration second = Duration.ofSeconds(1);
    return new StreamSettings(
        GRACE,
        RETENTION,
        policy,
        2,
        second,
        storeDoubt,
        new WindowSettings(Duration.ofSeconds(30), 6, 0),
        new PipelineSettings(
            4,
            6,
            LadderSettings.off(),
            false,
            128_000,
            Duration.ofSeconds(20),
            new SheddingSettings(
                second.multipliedBy(2),
                second.multipliedBy(3),
                second.multipliedBy(4),
                second,
                second,
                second,
                second),
            Duration.ZERO));
  }

  private LeaseRequest request(long resumeSession) {
    return request(resumeSession, "10.0.0.1:" + requests);
  }

  private LeaseRequest request(long resumeSession, String peer) {
    requests++;
    return new LeaseRequest("cam", "request-" + requests, resumeSession, peer, "encoder");
  }

  private LeaseReply publish(ActorRef<StreamActor.Command> stream, long resumeSession) {
    return publish(stream, request(resumeSession));
  }

  private LeaseReply publish(ActorRef<StreamActor.Command> stream, LeaseRequest request) {
    stream.tell(new StreamActor.StartPublish(request, publisher.getRef(), replies.getRef()));
    return replies.receiveMessage(Duration.ofSeconds(10));
  }

  private LeaseReply.Accepted accepted(ActorRef<StreamActor.Command> stream, long resumeSession) {
    LeaseReply reply = publish(stream, resumeSession);
    assertThat(reply).isInstanceOf(LeaseReply.Accepted.class);
    return (LeaseReply.Accepted) reply;
  }

  private void pass(Duration duration) {
    wallClock.addAndGet(duration.toMillis());
    time.timePasses(duration);
  }

  /** Everything that was told before is handled: a resume of an unknown session is refused. */
  private void awaitHandled(ActorRef<StreamActor.Command> stream) {
    assertThat(publish(stream, 99)).isInstanceOf(LeaseReply.Rejected.class);
  }

  private void awaitState(String state) {
    replies.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          assertThat(statuses.get("cam").orElseThrow().state()).isEqualTo(state);
          return null;
        });
  }

  private String playlist() throws Exception {
    return edge.open("cam")
        .toCompletableFuture()
        .get()
        .flatMap(s -> s.mediaPlaylist("source"))
        .map(p -> new String(p.plain(), StandardCharsets.UTF_8))
        .orElse("");
  }

  private void awaitListed(String line) {
    replies.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          time.timePasses(StateKeeper.COALESCE);
          assertThat(playlistUnchecked()).contains(line);
          return null;
        });
  }

  private String playlistUnchecked() {
    try {
      return playlist();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void grantsTheLeaseWithANewEpochAndSession() throws Exception {
    LeaseReply.Accepted reply = accepted(spawn(SecondPublisher.TAKE_OVER), 0);
    assertThat(reply.epoch()).isEqualTo(1);
    assertThat(reply.session()).isEqualTo(1);
    assertThat(reply.firstSeq()).isZero();
    awaitState("live");
  }

  @Test
  void answersARepeatedRequestWithTheSameLease() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    StreamActor.StartPublish start =
        new StreamActor.StartPublish(request(0), publisher.getRef(), replies.getRef());
    stream.tell(start);
    LeaseReply first = replies.receiveMessage(Duration.ofSeconds(10));
    stream.tell(start);
    assertThat(replies.receiveMessage(Duration.ofSeconds(10))).isEqualTo(first);
  }

  @Test
  void stopsAgainWhenItIsWokenForNothing() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
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
  void rejectsASecondPublisherWhenThePolicySaysSo() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.REJECT);
    accepted(stream, 0);
    LeaseReply reply = publish(stream, 0);
    assertThat(reply).isInstanceOf(LeaseReply.Rejected.class);
    assertThat(((LeaseReply.Rejected) reply).reason())
        .isEqualTo(PublishAnswer.Reason.ALREADY_PUBLISHING);
  }

  @Test
  void letsASecondPublisherTakeOverWithANewSession() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    pass(Duration.ofSeconds(11));
    assertThat(accepted(stream, 0).session()).isEqualTo(2);
    assertThat(engines.newest().calls).contains("start 1", "start 2");
  }

  @Test
  void doesNotLetTwoEncodersPlayPingPong() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    pass(Duration.ofSeconds(5));
    engines.newest().silence(Duration.ofMillis(500));
    assertThat(publish(stream, 0)).isInstanceOf(LeaseReply.Rejected.class);
    engines.newest().silence(Duration.ofSeconds(3));
    assertThat(accepted(stream, 0).session()).isEqualTo(2);
  }

  @Test
  void waitsForThePublisherAndEndsAfterTheGrace() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    awaitListed("1-0.m4s");
    engines.newest().tell(new EngineEvent.SessionOver(1, false));
    awaitState("reconnecting");
    pass(GRACE.minusSeconds(1));
    assertThat(playlist()).doesNotContain("ENDLIST");
    pass(Duration.ofSeconds(1));
    awaitState("ended");
    awaitListed("#EXT-X-ENDLIST");
    pass(RETENTION);
    shard.expectMessageClass(ClusterSharding.Passivate.class, Duration.ofSeconds(10));
    assertThat(directory.get("cam").toCompletableFuture().get()).isEmpty();
    assertThat(statuses.get("cam")).isEmpty();
  }

  @Test
  void listsAndAcknowledgesASegmentOnlyWhenItsStateIsDurable() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    engines.newest().awaitCall(replies, "stored source 0");
    assertThat(playlist()).doesNotContain("1-0.m4s");
    assertThat(engines.newest().calls).doesNotContain("durable source 0");
    awaitListed("1-0.m4s");
    engines.newest().awaitCall(replies, "durable source 0");
  }

  @Test
  void continuesTheMediaSequenceInANewIncarnation() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    awaitListed("1-0.m4s");
    testKit.stop(stream);

    ActorRef<StreamActor.Command> next = spawn(SecondPublisher.TAKE_OVER);
    next.tell(new StreamActor.Wake());
    awaitListed("1-0.m4s");
    LeaseReply.Accepted resumed = accepted(next, 1);
    assertThat(resumed.epoch()).isEqualTo(2);
    assertThat(resumed.session()).isEqualTo(1);
    assertThat(engines.newest().recovered).isPresent();
    assertThat(engines.newest().calls).contains("resume 1");
    engines.newest().makeSegment(1);
    awaitListed("2-1.m4s");
    assertThat(playlist()).contains("#EXT-X-MEDIA-SEQUENCE:0", "1-0.m4s");
  }

  @Test
  void endsARecoveredStreamWhosePublisherStaysAway() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    awaitListed("1-0.m4s");
    testKit.stop(stream);

    ActorRef<StreamActor.Command> next = spawn(SecondPublisher.TAKE_OVER);
    awaitHandled(next);
    awaitListed("1-0.m4s");
    awaitState("live");
    pass(StreamSettings.RELAY_WAIT);
    awaitState("reconnecting");
    pass(GRACE.minusSeconds(1));
    assertThat(playlist()).doesNotContain("ENDLIST");
    pass(Duration.ofSeconds(1));
    awaitState("ended");
    awaitListed("#EXT-X-ENDLIST");
    assertThat(playlist()).contains("1-0.m4s");
  }

  @Test
  void givesARecoveredStreamWithoutPublisherItsStoredDeadlineButAFairChance() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    awaitListed("1-0.m4s");
    engines.newest().tell(new EngineEvent.SessionOver(1, false));
    awaitState("reconnecting");
    pass(GRACE.minusSeconds(2));
    testKit.stop(stream);

    awaitHandled(spawn(SecondPublisher.TAKE_OVER));
    awaitListed("1-0.m4s");
    pass(StreamSettings.RESTART_GRACE.minusSeconds(1));
    awaitState("reconnecting");
    pass(Duration.ofSeconds(1));
    awaitState("ended");
  }

  @Test
  void letsTheRelayOfALivingSessionComeBack() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.REJECT);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.RelayLost(1));
    LeaseReply.Accepted resumed = accepted(stream, 1);
    assertThat(resumed.epoch()).isEqualTo(1);
    assertThat(resumed.session()).isEqualTo(1);
    engines.newest().awaitCall(replies, "resume 1");
    pass(StreamSettings.RELAY_WAIT);
    awaitState("live");
  }

  @Test
  void letsAPublisherComeBackWhenTheWayToItBroke() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.REJECT);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.RelayLost(1));
    assertThat(accepted(stream, 0).session()).isEqualTo(2);
    assertThat(publish(stream, 1)).isInstanceOf(LeaseReply.Rejected.class);
  }

  @Test
  void rejectsAnotherPublisherWhileTheWayToTheFirstIsBroken() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.REJECT);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.RelayLost(1));
    LeaseReply reply = publish(stream, request(0, "10.0.0.2:5000"));
    assertThat(reply).isInstanceOf(LeaseReply.Rejected.class);
    assertThat(((LeaseReply.Rejected) reply).reason())
        .isEqualTo(PublishAnswer.Reason.ALREADY_PUBLISHING);

    pass(StreamSettings.RELAY_WAIT);
    awaitState("reconnecting");
    assertThat(publish(stream, request(0, "10.0.0.2:5000")))
        .isInstanceOf(LeaseReply.Accepted.class);
  }

  @Test
  void rejectsAnotherPublisherWhileANewOwnerWaitsForTheFirst() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.REJECT);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    awaitListed("1-0.m4s");
    testKit.stop(stream);

    self = new NodeIdentity("node", new Endpoint("10.0.0.9", 1936), Endpoint.NONE);
    ActorRef<StreamActor.Command> next = spawn(SecondPublisher.REJECT);
    assertThat(publish(next, 0)).isInstanceOf(LeaseReply.Rejected.class);
    assertThat(accepted(next, 1).session()).isEqualTo(1);
  }

  @Test
  void waitsForAnyPublisherWhenTheRelayStaysAway() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.RelayLost(1));
    awaitHandled(stream);
    pass(StreamSettings.RELAY_WAIT);
    awaitState("reconnecting");
    engines.newest().awaitCall(replies, "end REFUSED");
    assertThat(publish(stream, 1)).isInstanceOf(LeaseReply.Rejected.class);
    pass(GRACE.minus(StreamSettings.RELAY_WAIT));
    awaitState("ended");
  }

  @Test
  void letsAConnectedPublisherGoOnWhenTheEntityHasCrashed() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.REJECT);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    awaitListed("1-0.m4s");
    FakeEngines.FakeEngine crashed = engines.newest();
    crashed.tell(new EngineEvent.Failed(new IllegalStateException("broken")));
    shard.expectTerminated(stream, Duration.ofSeconds(10));
    crashed.awaitCall(replies, "stop");

    LeaseReply.Accepted resumed = accepted(spawn(SecondPublisher.REJECT), 1);
    assertThat(resumed.epoch()).isEqualTo(2);
    assertThat(resumed.session()).isEqualTo(1);
    engines.newest().awaitCall(replies, "resume 1");
    awaitState("live");
    engines.newest().makeSegment(1);
    awaitListed("2-1.m4s");
    assertThat(playlist()).contains("1-0.m4s").doesNotContain("#EXT-X-DISCONTINUITY\n");
  }

  @Test
  void givesAReturningPublisherANewSessionAfterARestart() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.REJECT);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    awaitListed("1-0.m4s");
    testKit.stop(stream);
    assertThat(accepted(spawn(SecondPublisher.REJECT), 0).session()).isEqualTo(2);
  }

  @Test
  void rejectsAResumeOfASessionThatIsOver() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.SessionOver(1, true));
    awaitState("reconnecting");
    assertThat(publish(stream, 1)).isInstanceOf(LeaseReply.Rejected.class);
  }

  @Test
  void takesTheRestOfAnEndedPublishFromItsRelayAfterTheOwnersDeath() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    awaitListed("1-0.m4s");
    engines.newest().tell(new EngineEvent.SessionOver(1, true));
    awaitState("reconnecting");
    testKit.stop(stream);

    ActorRef<StreamActor.Command> next = spawn(SecondPublisher.TAKE_OVER);
    assertThat(accepted(next, 1).session()).isEqualTo(1);
    engines.newest().awaitCall(replies, "resume 1");
    engines.newest().makeSegment(1);
    awaitListed("2-1.m4s");
    engines.newest().tell(new EngineEvent.SessionOver(1, true));
    awaitState("reconnecting");
    assertThat(publish(next, 1)).isInstanceOf(LeaseReply.Rejected.class);
    pass(GRACE);
    awaitState("ended");
    assertThat(publish(next, 1)).as("starts no new stream").isInstanceOf(LeaseReply.Rejected.class);
    awaitState("ended");
  }

  @Test
  void endsAtOnceWhenItIsKicked() throws Exception {
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
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
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().makeSegment(0);
    awaitListed("1-0.m4s");
    engines.newest().tell(new EngineEvent.SessionOver(1, true));
    awaitState("reconnecting");
    pass(GRACE);
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
    ActorRef<StreamActor.Command> stream = spawn(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.SessionOver(1, true));
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

  static Presentation presentation() {
    return new Presentation(
        4,
        List.of(
            new Rendition(
                "source", RenditionKind.SOURCE, "avc1.64001f", 1280, 720, 30, 1000, 900, 0)));
  }

  static MediaSegment segment(long epoch, long msn) {
    SegmentRef ref =
        new SegmentRef(
            msn,
            epoch + "-" + msn + ".m4s",
            "init-0.mp4",
            msn * 360_000,
            360_000,
            90_000,
            false,
            false,
            msn * 4000,
            3);
    return new MediaSegment("source", epoch, ref, System.nanoTime(), new byte[] {1, 2, 3});
  }

  static PipelineState pipelineState(long nextMsn) {
    return new PipelineState(
        PipelineState.SCHEMA,
        presentation(),
        List.of(),
        null,
        1,
        true,
        0,
        0,
        nextMsn * 360_000,
        List.of(
            new PipelineState.RenditionProgress(
                "source", nextMsn, nextMsn * 360_000, 90_000, "init-0.mp4", false)),
        List.of(),
        null);
  }
}
