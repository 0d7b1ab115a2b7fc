package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.http.ViewerSample;
import io.millrace.media.MediaPart;
import io.millrace.media.PartRef;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.segment.PipelineNotice;
import io.millrace.media.segment.PipelineStatus;
import io.millrace.media.worker.WorkerPort;
import io.millrace.node.CommandSamples;
import io.millrace.node.SilentStateStore;
import io.millrace.node.TestKits;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.edge.EdgeFollower;
import io.millrace.node.edge.EdgeSettingsSamples;
import io.millrace.node.edge.FollowRequest;
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
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every actor of a stream handles every message that its protocol permits, in every phase. */
class StreamCommandsTest {

  private enum Phase {
    RECOVERING,
    IDLE,
    CLAIMING,
    LIVE,
    RECONNECTING,
    ENDED,
    LEAVING
  }

  @TempDir Path data;

  private final FakeEngines engines = new FakeEngines();
  private ActorTestKit testKit;
  private TestProbe<CommandSamples.Outcome> outcomes;
  private FileSegmentStore segments;
  private StreamActor.Dependencies dependencies;

  @BeforeEach
  void wire() throws IOException {
    testKit = TestKits.with(Map.of("silent.class", SilentStateStore.class.getName()));
    outcomes = testKit.createTestProbe();
    StoreSettings store = new StoreSettings(data, false);
    FileStreamDirectory directory = FileStreamDirectory.open(store, Runnable::run);
    segments = new FileSegmentStore(store, Runnable::run);
    dependencies =
        new StreamActor.Dependencies(
            StreamSamples.settings(SecondPublisher.TAKE_OVER, Duration.ofMinutes(5)),
            engines,
            listener -> {
              throw new AssertionError("no worker is needed");
            },
            segments,
            directory,
            new StreamEdge(EdgeSettingsSamples.of(Duration.ofSeconds(1), 1), directory, segments),
            new StreamStatuses(),
            new TranscodeCapacity(2),
            new WaitingBytes(1 << 20),
            new SimpleMeterRegistry(),
            NodeIdentity.single("node"),
            Guards.none(),
            "silent",
            () -> 1_000_000L);
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  private static StreamActor.StartPublish startPublish(String requestId) {
    return new StreamActor.StartPublish(
        new LeaseRequest("cam", requestId, 0, "peer"),
        TestInbox.<PublisherActor.Command>create().getRef(),
        TestInbox.<LeaseReply>create().getRef());
  }

  private static StreamActor.FromState saved(long version) {
    return new StreamActor.FromState(new StreamStateActor.Saved(version));
  }

  private static StreamActor.FromState recovered() {
    return new StreamActor.FromState(new StreamStateActor.Recovered(StreamState.none("cam")));
  }

  private static StreamActor.FromEngine fromEngine(EngineEvent event) {
    return new StreamActor.FromEngine(1, event);
  }

  /** What brings a stream from the phase before into this one. */
  private static List<StreamActor.Command> stepsInto(Phase phase) {
    return switch (phase) {
      case RECOVERING -> List.of();
      case IDLE -> List.of(recovered());
      case CLAIMING -> List.of(startPublish("first"));
      case LIVE -> List.of(saved(1), saved(2), new StreamActor.SessionOpened(1, 0L, null));
      case RECONNECTING -> List.of(fromEngine(new EngineEvent.SessionOver(1)));
      case ENDED -> List.of(StreamActor.Timer.GRACE);
      case LEAVING -> List.of(new StreamActor.Stop(), StreamActor.Timer.ENDING);
    };
  }

  private ActorRef<StreamActor.Command> streamIn(Phase phase) {
    ActorRef<StreamActor.Command> stream =
        testKit.spawn(
            CommandSamples.observed(
                StreamActor.Command.class,
                StreamActor.create(
                    dependencies,
                    "s1|cam",
                    testKit.<ClusterSharding.ShardCommand>createTestProbe().getRef()),
                outcomes.getRef()));
    EnumSet<Phase> way =
        phase == Phase.LEAVING
            ? EnumSet.range(Phase.RECOVERING, Phase.LIVE)
            : EnumSet.range(Phase.RECOVERING, phase);
    way.add(phase);
    way.stream()
        .map(StreamCommandsTest::stepsInto)
        .flatMap(List::stream)
        .forEach(step -> assertHandled(stream, step));
    return stream;
  }

  private void assertHandled(ActorRef<StreamActor.Command> stream, StreamActor.Command command) {
    stream.tell(command);
    CommandSamples.Outcome outcome =
        outcomes
            .fishForMessage(
                Duration.ofSeconds(10),
                o ->
                    o.message().equals(command)
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore())
            .get(0);
    assertThat(outcome.handled()).as("%s is handled", command).isTrue();
  }

  private static FollowRequest followRequest() {
    return new FollowRequest(
        TestInbox.<EdgeFollower.Command>create().getRef(), "node", ViewerSample.NONE, 0, 0);
  }

  private static List<StreamActor.Command> streamCommands() {
    return CommandSamples.of(
        StreamActor.Command.class,
        startPublish("other").request(),
        followRequest(),
        TestInbox.create().getRef(),
        EngineEvent.WorkerNeeded.INSTANCE,
        new StreamStateActor.Saved(0),
        StreamSamples.segment(1, 0),
        0L,
        StateKeeper.Alarm.FLUSH);
  }

  @ParameterizedTest
  @EnumSource
  void handlesEveryCommandInEveryPhase(Phase phase) {
    for (StreamActor.Command command : streamCommands()) {
      ActorRef<StreamActor.Command> stream = streamIn(phase);
      assertHandled(stream, command);
      testKit.stop(stream);
    }
  }

  @Test
  void reachesThePhasesThatAreMeant() {
    streamIn(Phase.LIVE);
    assertThat(statusOfCam()).isEqualTo("live");
    streamIn(Phase.RECONNECTING);
    assertThat(statusOfCam()).isEqualTo("reconnecting");
    streamIn(Phase.ENDED);
    assertThat(statusOfCam()).isEqualTo("ended");
  }

  private String statusOfCam() {
    return dependencies.statuses().get("cam").orElseThrow().state();
  }

  @Test
  void handlesEveryEventOfTheMediaSide() {
    List<EngineEvent> events =
        CommandSamples.of(
            EngineEvent.class,
            StreamSamples.presentation(),
            StreamSamples.segment(1, 0),
            part(),
            StreamSamples.pipelineState(1),
            new byte[0],
            new PipelineNotice("code", "text"),
            status());
    for (EngineEvent event : events) {
      ActorRef<StreamActor.Command> stream = streamIn(Phase.LIVE);
      stream.tell(fromEngine(new EngineEvent.Presented(StreamSamples.presentation())));
      if (event instanceof EngineEvent.SegmentStored) {
        stream.tell(fromEngine(new EngineEvent.SegmentMade(StreamSamples.segment(1, 0))));
      }
      if (!(event instanceof EngineEvent.Failed)) {
        assertHandled(stream, fromEngine(named(event)));
      }
      testKit.stop(stream);
    }
  }

  /** Events of a rendition name one that is there. */
  private static EngineEvent named(EngineEvent event) {
    if (event instanceof EngineEvent.InitMade init) {
      return new EngineEvent.InitMade("source", init.name(), init.bytes());
    } else if (event instanceof EngineEvent.SegmentStored stored) {
      return new EngineEvent.SegmentStored("source", stored.msn(), stored.state());
    }
    return event;
  }

  private static PipelineStatus status() {
    return new PipelineStatus(1, true, "source", 0, "running", 0, null, null, List.of(), Map.of());
  }

  @Test
  void handlesEveryCommandOfATranscoder() {
    TranscoderActor.Reports reports = noop(TranscoderActor.Reports.class);
    TranscoderActor.Place place =
        new TranscoderActor.Place(
            "cam",
            1,
            "source",
            segments,
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            new WaitingBytes(1 << 20),
            reports);
    List<TranscoderActor.Command> commands =
        CommandSamples.of(TranscoderActor.Command.class, new byte[0], StreamSamples.segment(1, 0));
    for (TranscoderActor.Command command : commands) {
      BehaviorTestKit<TranscoderActor.Command> transcoder =
          BehaviorTestKit.create(TranscoderActor.create(place, dependencies.registry()));
      transcoder.run(new TranscoderActor.StoreSegment(StreamSamples.segment(1, 0)));
      CommandSamples.assertHandled(transcoder, command);
    }
  }

  @Test
  void handlesEveryCommandOfPlaylists() {
    CommandSamples.assertHandlesAll(
        PlaylistActor.create(
            new PlaylistActor.Place(
                "cam",
                1,
                new WindowSettings(Duration.ofSeconds(30), 6, 0),
                dependencies.edge(),
                segments,
                Endpoint.NONE,
                new SimpleMeterRegistry()),
            Optional.empty(),
            Leftovers.NONE),
        CommandSamples.of(
            PlaylistActor.Command.class,
            StreamSamples.presentation(),
            StreamSamples.segment(1, 0).ref(),
            part().ref(),
            part().parent(),
            followRequest(),
            Set.of()));
  }

  @Test
  void handlesEveryCommandOfTheKeeperOfAWorker() {
    StreamEngine engine = noop(StreamEngine.class);
    CommandSamples.assertHandlesAll(
        WorkerActor.create(
            "cam", listener -> noop(WorkerPort.class), engine, dependencies.registry()),
        CommandSamples.of(WorkerActor.Command.class));
  }

  private static MediaPart part() {
    return new MediaPart(
        "source",
        1,
        new PartRef(1, 0, PartRef.name(1, 1, 0), 30_000, 90_000, true, 3),
        new MediaPart.Parent("init-0.mp4", false, 0),
        false,
        0,
        new byte[3]);
  }

  private static <T> T noop(Class<T> port) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(), new Class<?>[] {port}, (proxy, method, args) -> null));
  }
}
