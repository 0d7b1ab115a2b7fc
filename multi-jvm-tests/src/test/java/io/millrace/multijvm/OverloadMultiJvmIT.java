package io.millrace.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More streams than the machine can transcode: rungs give way, sources do not. */
@Tag("long-faults")
@Timeout(1200)
class OverloadMultiJvmIT {
  private static final int MAX_STREAMS = 12;
  private static final Duration BETWEEN_STREAMS = Duration.ofSeconds(15);

  /** Until queues and caches are as full as they will ever be. */
  private static final Duration FILLING = Duration.ofSeconds(30);

  private static final Duration LOADED = Duration.ofMinutes(5);
  private static final Duration HEAP_SAMPLE = Duration.ofSeconds(30);

  /** Media on its way: relays and segments that are not whole yet. */
  private static final long HEAP_SLACK_BYTES = 16L << 20;

  private final List<TestPublisher> publishers = new ArrayList<>();
  private final List<Long> heapBytes = new ArrayList<>();
  private final List<Long> summedLagMillis = new ArrayList<>();
  private NodeProcess node;
  private Path flv;

  @BeforeEach
  void startNode() throws IOException {
    flv = CodedVideoFactory.inTarget().flv(CodedVideo.of(1920, 1080, 12).withFps(60, 1));
    node =
        NodeProcess.start(
            Nodes.impatient(OverloadMultiJvmIT.class, "node")
                .withSetting("millrace.stream.retention", "10s")
                // Far more than there are, so that no stream is started with fewer rungs.
                .withSetting("millrace.transcode.cores", 64));
  }

  @AfterEach
  void stop() {
    publishers.forEach(TestPublisher::close);
    node.close();
  }

  @Test
  void shouldShedInOrderAndRecoverWhenStreamsAreAddedAndRemoved() throws Exception {
    addStreamsUntilLoadIsShed();
    assertThat(node.metric("millrace_notices_total", "code=\"shed.down\"")).isPositive();
    assertThat(node.metric("millrace_streams", "state=\"live\"")).isEqualTo(publishers.size());
    holdAndWatchHeap();
    removeHalf();
    Await.until(
        "all rungs of the remaining streams are back",
        Duration.ofMinutes(6),
        () -> {
          RungStates states = RungStates.of(node);
          return states.streams().size() == publishers.size() && !states.anyShed();
        });
    assertThat(node.metric("millrace_notices_total", "code=\"shed.up\"")).isPositive();
    Await.until(
        "metrics show it too",
        Duration.ofSeconds(5),
        () -> node.metric("millrace_rendition_shed", "") == 0);

    assertThat(heapBytes.get(heapBytes.size() - 1))
        .as("heap beside the media for viewers, over time: %s", heapBytes)
        .isLessThan(heapBytes.get(0) + HEAP_SLACK_BYTES);
  }

  private void addStreamsUntilLoadIsShed() throws IOException, InterruptedException {
    boolean shed = false;
    while (!shed && publishers.size() < MAX_STREAMS) {
      String stream = "load-" + publishers.size();
      publishers.add(
          TestPublisher.looped(node.ready().rtmpUrl(stream), flv, BroadcastSettings.REAL_TIME));
      node.awaitStreamState(stream, "live", Duration.ofSeconds(30));
      shed = isShedWithin(BETWEEN_STREAMS);
      summedLagMillis.add(RungStates.of(node).summedLagMillis());
    }
    System.out.println("1080p60 streams until load was shed: " + publishers.size());
    System.out.println("summed lag of the rungs after each, ms: " + summedLagMillis);
    assertThat(shed).as("load is shed with %s streams", publishers.size()).isTrue();
  }

  private boolean isShedWithin(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return Await.value(
        "a verdict on the load",
        time.plusSeconds(30),
        () -> {
          RungStates states = RungStates.of(node);
          checkAlways(states);
          if (states.anyShed()) {
            return Optional.of(true);
          }
          return System.nanoTime() > end ? Optional.of(false) : Optional.empty();
        });
  }

  private void holdAndWatchHeap() {
    long start = System.nanoTime() + FILLING.toNanos();
    long end = start + LOADED.toNanos();
    long[] nextSample = {start};
    Await.until(
        "five minutes under load",
        FILLING.plus(LOADED).plusMinutes(2),
        () -> {
          checkAlways(RungStates.of(node));
          if (System.nanoTime() > nextSample[0]) {
            heapBytes.add(heapBesideViewersMedia());
            nextSample[0] = System.nanoTime() + HEAP_SAMPLE.toNanos();
          }
          return System.nanoTime() > end;
        });
    System.out.println("heap beside the media for viewers: " + heapBytes);
  }

  /** Of the media itself there is more or less as rungs come and go. */
  private long heapBesideViewersMedia() throws IOException, InterruptedException {
    long media = (long) node.metric("millrace_edge_object_bytes", "");
    assertThat(media).isPositive();
    return node.liveObjectBytes() - media;
  }

  /** Holds at every look; the first look that fails is remembered by the assertion error. */
  private static void checkAlways(RungStates states) {
    for (RungStates.Stream stream : states.streams()) {
      assertThat(stream.sourceLagMillis()).as("source lag, %s", stream).isLessThan(1000);
      assertThat(stream.isShedInOrder()).as("order, %s", stream).isTrue();
    }
  }

  private void removeHalf() {
    for (int i = publishers.size() / 2; i > 0; i--) {
      publishers.remove(publishers.size() - 1).stop();
    }
  }
}
