package io.millrace.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.hls.FrameExactness;
import io.millrace.testkit.hls.RecordedRendition;
import io.millrace.testkit.hls.Recording;
import io.millrace.testkit.hls.RecordingVerifier;
import io.millrace.testkit.hls.StreamRecorder;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One stream through one node: a publisher with numbered frames at one end, a recorder that checks
 * every playlist version at the other.
 */
final class LiveRun implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(40);
  private static final Duration END = Duration.ofSeconds(40);

  /** What a reset may take along: some frame intervals. */
  private static final int MAX_CUT_OFF_FRAMES = 4;

  private static final CodedVideoFactory VIDEOS = CodedVideoFactory.inTarget();

  final String stream;
  final CodedVideo video;
  final Path flv;
  final TestPublisher publisher;
  final StreamRecorder recorder;

  private LiveRun(
      String stream, CodedVideo video, Path flv, TestPublisher publisher, StreamRecorder recorder) {
    this.stream = stream;
    this.video = video;
    this.flv = flv;
    this.publisher = publisher;
    this.recorder = recorder;
  }

  /** Begins to publish and to record; returns when each rendition lists a segment. */
  static LiveRun start(NodeProcess node, String stream, CodedVideo video) throws IOException {
    return start(node, stream, video, BroadcastSettings.REAL_TIME);
  }

  static LiveRun start(
      NodeProcess node, String stream, CodedVideo video, BroadcastSettings settings)
      throws IOException {
    Path flv = VIDEOS.flv(video);
    TestPublisher publisher = TestPublisher.once(node.ready().rtmpUrl(stream), flv, settings);
    node.awaitStreamState(stream, "live", START);
    Path directory = Files.createTempDirectory(node.log().getParent(), "recording-");
    StreamRecorder recorder =
        StreamRecorder.start(node.ready().http("/hls/" + stream + "/index.m3u8"), directory);
    LiveRun run = new LiveRun(stream, video, flv, publisher, recorder);
    try {
      recorder.awaitSegments(1, START);
    } catch (AssertionError e) {
      run.close();
      throw new AssertionError(e.getMessage() + ", publisher: " + publisher.events(), e);
    }
    return run;
  }

  /** Waits until this many seconds of video are sent, all sessions together. */
  void awaitSent(double seconds) {
    publisher.awaitFrames(
        (int) (seconds * video.fps()), Duration.ofSeconds((long) (seconds * 2) + 30));
  }

  /** Waits for the end of the file, then of the stream (its grace is over), and stops. */
  Recording finish() {
    publisher.awaitEnd(Duration.ofSeconds(video.durationSeconds() + 30L));
    return awaitEnded();
  }

  /** Waits for the end of the stream, after the publisher has gone. */
  Recording awaitEnded() {
    recorder.reconnecting(true);
    recorder.awaitEnded(END);
    return recorder.stop();
  }

  /** Every frame of every session is in every video rendition exactly once, in order. */
  void assertFrameExact(Recording recording) {
    FrameExactness.assertExact(recording, sentSessions());
  }

  /** The same, but every session except the last may miss this much at its end. */
  void assertFrameExact(Recording recording, int lostSeconds) {
    List<FrameExactness.Session> sent = new ArrayList<>(sentSessions());
    int lost = (int) (lostSeconds * video.fps());
    for (int i = 0; i < sent.size() - 1; i++) {
      sent.set(i, new FrameExactness.Session(sent.get(i).numbers(), lost));
    }
    FrameExactness.assertExact(recording, sent);
  }

  /**
   * Every frame that the server took of every session is in every video rendition exactly once, in
   * order: a connection that is reset takes along what its receiver had not read yet.
   *
   * @param accepted video frames of each session that the server took
   */
  void assertAcceptedShown(Recording recording, List<Integer> accepted) {
    List<FrameExactness.Session> sent = new ArrayList<>();
    List<Integer> lost = new ArrayList<>();
    for (FrameExactness.Session session : sentSessions()) {
      int missing = session.numbers().size() - accepted.get(lost.size());
      assertThat(missing).as("sent frames that were not taken").isBetween(0, MAX_CUT_OFF_FRAMES);
      lost.add(missing);
      // A frame that was taken may be shown after one that was not.
      sent.add(
          new FrameExactness.Session(
              session.numbers(), missing == 0 ? 0 : missing + video.bFrames()));
    }
    FrameExactness.assertExact(recording, sent);
    for (RecordedRendition rendition : recording.video()) {
      assertThat(FrameExactness.lostAtEnds(sent, RecordingVerifier.frames(rendition)))
          .as("frames of each session that %s does not show", rendition.name())
          .isEqualTo(lost);
    }
  }

  /** The same of one rendition. */
  void assertFrameExact(Recording recording, String rendition) {
    assertThat(
            FrameExactness.firstDifference(
                sentSessions(), RecordingVerifier.frames(recording.rendition(rendition))))
        .as(rendition)
        .isEmpty();
  }

  private List<FrameExactness.Session> sentSessions() {
    return IntStream.rangeClosed(1, publisher.sessions())
        .mapToObj(session -> publisher.numbers(session, video.fps()))
        .map(FrameExactness.Session::of)
        .toList();
  }

  /** Playlists kept every rule, nothing is missing, nothing was shed, and breaks are these. */
  static void assertWhole(Recording recording, int discontinuities) {
    assertThat(recording.violations()).isEmpty();
    assertThat(recording.failures()).isEmpty();
    assertThat(recording.renditions()).isNotEmpty();
    for (RecordedRendition rendition : recording.renditions()) {
      assertThat(rendition.missing()).as("missing in %s", rendition.name()).isEmpty();
      assertThat(rendition.gaps()).as("gaps in %s", rendition.name()).isEmpty();
      assertThat(rendition.discontinuities())
          .as("discontinuities in %s", rendition.name())
          .hasSize(discontinuities);
    }
  }

  /** The worker of the stream that was started first: older than all others and the spare. */
  static ProcessHandle oldestWorker(NodeProcess node) {
    Await.until("a worker runs", Duration.ofSeconds(20), () -> !node.workers().isEmpty());
    return node.workers().get(0);
  }

  @Override
  public void close() {
    publisher.close();
    recorder.close();
  }
}
