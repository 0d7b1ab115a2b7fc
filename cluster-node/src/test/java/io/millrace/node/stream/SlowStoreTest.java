package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaPart;
import io.millrace.media.MediaSegment;
import io.millrace.media.PartRef;
import io.millrace.media.Presentation;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two parts make a segment; a store that takes its time must not make players wait. */
class SlowStoreTest extends OneStream {
  private static final int TIMESCALE = 90_000;
  private static final int PART_TICKS = 180_000;

  /** Longer than any of this takes. */
  private static final Duration DOUBT = Duration.ofMinutes(30);

  private volatile CompletableFuture<Void> mayWrite = CompletableFuture.completedFuture(null);
  private ActorRef<StreamActor.Command> stream;

  @Override
  SegmentStore seenByStream(SegmentStore store) {
    return new GuardedSegments(store, () -> mayWrite);
  }

  /** Segments 0 and 1 are durable and listed, so is the first part of 2. */
  @BeforeEach
  void liveWithTwoSegments() {
    stream =
        spawn(
            StreamSamples.settings(SecondPublisher.TAKE_OVER, DOUBT),
            NodeIdentity.single("node"),
            Guards.none());
    accepted(stream, 0);
    Presentation withParts = new Presentation(4, StreamSamples.presentation().renditions(), 2_000);
    engines.newest().tell(new EngineEvent.Presented(withParts));
    engines.newest().tell(new EngineEvent.InitMade("source", "init-0.mp4", new byte[] {9}));
    makeWithParts(0);
    makeWithParts(1);
    makePart(2, 0);
    await("segment 1 is acknowledged", () -> calls().contains("durable source 1"));
    awaitListed("1-2.0.m4s");
  }

  private void makeWithParts(long msn) {
    makePart(msn, 0);
    makePart(msn, 1);
    makeWhole(msn);
  }

  private void makePart(long msn, int index) {
    MediaPart part =
        new MediaPart(
            "source",
            1,
            ref(msn, index),
            new MediaPart.Parent("init-0.mp4", false, msn * 4000),
            index == 1,
            System.nanoTime(),
            new byte[] {1, 2, 3});
    engines.newest().tell(new EngineEvent.PartMade(part));
  }

  private void makeWhole(long msn) {
    MediaSegment plain = StreamSamples.segment(1, msn);
    MediaSegment whole =
        new MediaSegment(
            plain.rendition(),
            plain.epoch(),
            plain.ref(),
            plain.capturedAtNanos(),
            new byte[] {1, 2, 3, 1, 2, 3},
            List.of(ref(msn, 0), ref(msn, 1)));
    engines.newest().tell(new EngineEvent.SegmentMade(whole));
  }

  private static PartRef ref(long msn, int index) {
    return new PartRef(
        msn, index, PartRef.name(1, msn, index), PART_TICKS, TIMESCALE, index == 0, 3);
  }

  private boolean lists(String name) {
    return playlist().contains(name);
  }

  @Test
  void listsASegmentFromMemoryWhenPartsOfTheNextOneWaitForIt() {
    mayWrite = new CompletableFuture<>();
    makePart(2, 1);
    makeWhole(2);
    makePart(3, 0);
    awaitHandled(stream);
    assertThat(lists("1-2.m4s")).isFalse();
    assertThat(lists("URI=\"1-3.0.m4s\",INDEPENDENT")).isFalse();

    makePart(3, 1);
    await("segment 2 is listed from memory", () -> lists("1-2.m4s"));
    await("what waited for it is listed", () -> lists("URI=\"1-3.1.m4s\""));
    assertThat(calls()).doesNotContain("stored source 2", "durable source 2");

    mayWrite.complete(null);
    await("segment 2 is acknowledged", () -> calls().contains("durable source 2"));
    assertThat(playlist().split("1-2.m4s", -1)).hasSize(2);
  }

  @Test
  void listsOneSegmentAfterTheOtherWhileTheStoreHangs() {
    mayWrite = new CompletableFuture<>();
    makePart(2, 1);
    makeWhole(2);
    makeWithParts(3);
    makePart(4, 0);
    makePart(4, 1);
    await("segment 3 is listed from memory", () -> lists("1-3.m4s"));

    mayWrite.complete(null);
    await("all is acknowledged", () -> calls().contains("durable source 3"));
    assertThat(playlist().split("1-2.m4s", -1)).hasSize(2);
    assertThat(playlist().split("1-3.m4s", -1)).hasSize(2);
  }
}
