package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.TestKits;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.edge.EdgeSettingsSamples;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.edge.StreamStatuses;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.relay.LeaseRequest;
import io.millrace.node.relay.PublisherActor;
import io.millrace.node.store.FileSegmentStore;
import io.millrace.node.store.FileStreamDirectory;
import io.millrace.node.store.StoreSettings;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
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

/** A stream whose stores fail for a while: it goes on from memory and acknowledges nothing. */
class StoreOutageTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Short, because a transcoder measures it in real time. */
  private static final Duration DOUBT = Duration.ofMillis(300);

  @TempDir Path data;

  private final FakeEngines engines = new FakeEngines();
  private final AtomicBoolean segmentsFail = new AtomicBoolean();
  private ActorTestKit testKit;
  private ManualTime time;
  private StreamEdge edge;
  private SegmentStore segments;
  private TestProbe<LeaseReply> replies;
  private ActorRef<StreamActor.Command> stream;

  @BeforeEach
  void start() throws IOException {
    testKit = TestKits.manualTime(data);
    time = ManualTime.get(testKit.system());
    replies = testKit.createTestProbe();
    StoreSettings store = new StoreSettings(data, false);
    FileStreamDirectory directory = FileStreamDirectory.open(store, Runnable::run);
    segments = new FailingSegments(new FileSegmentStore(store, Runnable::run));
    edge =
        new StreamEdge(
            EdgeSettingsSamples.of(Duration.ofSeconds(10), 1 << 20), directory, segments);
    StreamActor.Dependencies dependencies =
        new StreamActor.Dependencies(
            StreamActorTest.settings(SecondPublisher.TAKE_OVER, DOUBT),
            engines,
            listener -> {
              throw new AssertionError("no worker is needed");
            },
            segments,
            directory,
            edge,
            new StreamStatuses(),
            new TranscodeCapacity(2),
            new SimpleMeterRegistry(),
            NodeIdentity.single("node"),
            Guards.none(),
            "millrace-runtime.file-state-store",
            System::currentTimeMillis);
    stream =
        testKit.spawn(
            StreamActor.create(
                dependencies,
                "s1|cam",
                testKit.<ClusterSharding.ShardCommand>createTestProbe().getRef()));
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  private LeaseReply publish(String requestId) {
    stream.tell(
        new StreamActor.StartPublish(
            new LeaseRequest("cam", requestId, 0, "peer", "encoder"),
            testKit.<PublisherActor.Command>createTestProbe().getRef(),
            replies.getRef()));
    return replies.receiveMessage(SOON);
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

  private boolean lists(String name) {
    return playlist().contains(name);
  }

  private List<String> calls() {
    return engines.newest().calls;
  }

  private boolean isStored(String name) {
    return segments.get("cam", "source", name).toCompletableFuture().join() != null;
  }

  private void liveWithOneSegment() {
    assertThat(publish("first")).isInstanceOf(LeaseReply.Accepted.class);
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
  void acceptsAPublisherThatComesBackToALivingStream() throws IOException {
    liveWithOneSegment();
    engines.newest().tell(new EngineEvent.SessionOver(1, true));
    Outage outage = new Outage(data.resolve("state"));
    TestProbe<LeaseReply> own = replies;
    stream.tell(
        new StreamActor.StartPublish(
            new LeaseRequest("cam", "second", 0, "peer", "encoder"),
            testKit.<PublisherActor.Command>createTestProbe().getRef(),
            own.getRef()));
    await("the session is open", () -> calls().contains("start 2"));
    assertThat(own.receiveMessage(SOON)).isInstanceOf(LeaseReply.Accepted.class);
    outage.close();
  }

  @Test
  void refusesANewStreamWhileTheStateCannotBeRead() throws IOException {
    try (Outage outage = new Outage(data.resolve("state"))) {
      assertThat(outage.isOn()).isTrue();
      TestProbe<LeaseReply> own = replies;
      stream.tell(
          new StreamActor.StartPublish(
              new LeaseRequest("cam", "first", 0, "peer", "encoder"),
              testKit.<PublisherActor.Command>createTestProbe().getRef(),
              own.getRef()));
      TestProbe<Void> watcher = testKit.createTestProbe();
      time.timePasses(DOUBT);
      LeaseReply reply = own.receiveMessage(SOON);
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

  private final class FailingSegments implements SegmentStore {
    private final SegmentStore store;

    private FailingSegments(SegmentStore store) {
      this.store = store;
    }

    @Override
    public CompletionStage<Void> put(
        String streamId, long epoch, String rendition, String name, byte[] bytes) {
      return segmentsFail.get()
          ? CompletableFuture.failedFuture(new IOException("the disk is full"))
          : store.put(streamId, epoch, rendition, name, bytes);
    }

    @Override
    public CompletionStage<byte[]> get(String streamId, String rendition, String name) {
      return store.get(streamId, rendition, name);
    }

    @Override
    public CompletionStage<Void> delete(
        String streamId, long epoch, String rendition, List<String> names) {
      return store.delete(streamId, epoch, rendition, names);
    }

    @Override
    public CompletionStage<Void> deleteStream(String streamId, long epoch) {
      return store.deleteStream(streamId, epoch);
    }
  }
}
