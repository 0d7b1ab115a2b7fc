package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.history.AcceptedFrames;
import io.millrace.testkit.history.ClusterRecorder;
import io.millrace.testkit.history.Expectation;
import io.millrace.testkit.history.HistoryChecker;
import io.millrace.testkit.history.StreamHistory;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.hls.FrameExactness;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One stream through a cluster: a publisher with numbered frames on one node, recorders on all of
 * them. It goes on until {@link #finish()}.
 */
final class ClusterRun implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(40);

  private static final CodedVideoFactory VIDEOS = CodedVideoFactory.inTarget();
  private static final double FPS = Clusters.VIDEO.fps();

  /** What may be lost of a session's end with the ingest's process: accepted, not yet relayed. */
  static final double UNRELAYED = 1.5;

  private static final int NOWHERE = 0;
  private static final String DRAINED = "drained: no stream and no publisher is left here";

  final String stream;
  final TestPublisher publisher;
  final ClusterRecorder recorder;
  private final ClusterFixture cluster;
  private final Random random;
  private final Set<Integer> cutSessions = new HashSet<>();
  private volatile int ingest;
  private volatile int connectedTo;
  private volatile Instant faultAt = Instant.EPOCH;

  private ClusterRun(ClusterFixture cluster, String stream, int ingest) throws IOException {
    this.cluster = cluster;
    this.stream = stream;
    this.ingest = ingest;
    this.random = Seed.random(stream);
    Path flv = VIDEOS.flv(Clusters.VIDEO);
    BroadcastSettings settings =
        BroadcastSettings.REAL_TIME.withReconnect(120, Duration.ofMillis(500));
    this.publisher = TestPublisher.once(this::url, flv, settings);
    List<URI> nodes =
        IntStream.rangeClosed(1, cluster.size())
            .mapToObj(node -> cluster.node(node).ready().http("/"))
            .toList();
    Path directory = Files.createTempDirectory(Path.of("target", "nodes"), stream + "-");
    this.recorder = ClusterRecorder.start(stream, nodes, directory);
  }

  /** Begins to publish on a node and to record on all; returns when all list two segments. */
  static ClusterRun start(ClusterFixture cluster, String stream, int ingest) throws IOException {
    ClusterRun run = new ClusterRun(cluster, stream, ingest);
    try {
      run.recorder.awaitSegments(2, SOON);
      return run;
    } catch (AssertionError e) {
      run.close();
      throw new AssertionError(e.getMessage() + ", publisher: " + run.publisher.events(), e);
    }
  }

  int ingest() {
    return ingest;
  }

  /** The node that owns the stream now. */
  int owner() {
    return cluster.awaitOwner(stream, SOON);
  }

  /** Waits until another living node owns the stream. */
  int awaitOtherOwner(int than) {
    return Await.value(
        "another node than " + than + " owns " + stream,
        SOON,
        () -> cluster.ownerOf(stream).filter(o -> o != than && cluster.living().contains(o)));
  }

  /** From the next attempt on the publisher connects to this node. */
  void publishTo(int node) {
    ingest = node;
  }

  /** The publisher is cut off and finds no server until {@link #publishTo}; all is listed then. */
  void loseTheWayIn() {
    recorder.reconnecting(true);
    ingest = NOWHERE;
    publisher.drop();
    cluster.awaitState(stream, "reconnecting", SOON);
    double sent = publisher.sent().size() / FPS;
    recorder.awaitSeconds(sent - 0.05, SOON);
  }

  /** Ends the session and opens another on this node. */
  void hopTo(int node) {
    int before = publisher.sessions();
    recorder.reconnecting(true);
    publishTo(node);
    publisher.reconnect();
    publisher.awaitSession(before + 1, SOON);
    cluster.awaitState(stream, "live", SOON);
    recorder.reconnecting(false);
  }

  /** Lets a random part of a segment pass, so that each run hits another moment. */
  void awaitRandomMoment() {
    int segmentFrames = (int) (4 * FPS);
    publisher.awaitFrames(publisher.sent().size() + random.nextInt(segmentFrames), SOON);
  }

  /** Lets this much of the video be sent. */
  void awaitSeconds(double seconds) {
    int frames = (int) (seconds * FPS);
    publisher.awaitFrames(
        publisher.sent().size() + frames, Duration.ofSeconds((long) (seconds * 2) + 30));
  }

  /** {@code kill -9}; what the node does not answer from now on is no failure. */
  void kill(int node) {
    away(node);
    fault();
    if (node == connectedTo) {
      ingestIsLost();
    }
    cluster.kill(node);
  }

  /** What the ingest has accepted of this session and not relayed goes with it. */
  void ingestIsLost() {
    cutSessions.add(publisher.sessions());
  }

  /** SIGSTOP; what the node does not answer from now on is no failure. */
  void pause(int node) {
    away(node);
    fault();
    cluster.pause(node);
  }

  /** SIGTERM; returns when the process has ended by itself and has said that it had drained. */
  void terminate(int node, Duration deadline) {
    NodeProcess process = cluster.node(node);
    away(node);
    fault();
    process.terminate(deadline);
    assertThat(process.isAlive()).isFalse();
    Await.until(
        "node " + node + " has logged that it drained",
        SOON,
        () -> Files.readString(process.log()).contains(DRAINED));
  }

  /** The recorder of this node expects nothing of it. */
  void away(int node) {
    recorder.away(authority(node));
  }

  /** The node is up again; waits until viewers there see the stream. */
  void back(int node) {
    recorder.back(authority(node), SOON);
  }

  /** Notes this moment as the one from which times are measured. */
  void fault() {
    faultAt = Instant.now();
  }

  /** Waits until every present node lists so many segments more than now. */
  void awaitMoreSegments(int count) {
    recorder.awaitSegments(recorder.segments() + count, SOON);
  }

  /** Ends the publish, waits until every present node shows the end, and stops recording. */
  StreamHistory finish() {
    recorder.reconnecting(true);
    publisher.stop();
    return awaitEnded();
  }

  /** The same when the publisher has gone already. */
  StreamHistory awaitEnded() {
    recorder.reconnecting(true);
    recorder.awaitEnded(SOON);
    return recorder.stop();
  }

  /**
   * All invariants, and every frame of every session.
   *
   * @param owners incarnations that must have listed segments; 0 for any number
   * @param mayMiss seconds at the end of the first, second, ... session that went with the process
   *     that had taken them; none for the others
   */
  void verify(StreamHistory history, int discontinuities, int owners, double... mayMiss)
      throws IOException {
    List<FrameExactness.Session> sessions = new ArrayList<>();
    for (int i = 0; i < publisher.sessions(); i++) {
      int frames = i < mayMiss.length ? (int) (mayMiss[i] * FPS) : 0;
      sessions.add(new FrameExactness.Session(publisher.numbers(i + 1, FPS), frames));
    }
    HistoryChecker.Verdict verdict =
        check(history, new Expectation(sessions, discontinuities, owners));
    checkAccepted(sessions, verdict.lostAtEnds());
  }

  /** What an ingest had accepted is lost only with its process, whatever the publisher has sent. */
  private void checkAccepted(List<FrameExactness.Session> sessions, List<Integer> lostOfSent)
      throws IOException {
    List<Integer> accepted = AcceptedFrames.bySession(cluster.acceptLog(), stream);
    assertThat(accepted).as("sessions in the accept log").hasSize(sessions.size());
    for (int i = 0; i < accepted.size(); i++) {
      int lost = accepted.get(i) - (sessions.get(i).numbers().size() - lostOfSent.get(i));
      System.out.println(
          stream + ": session " + (i + 1) + " accepted " + accepted.get(i) + ", lost " + lost);
      if (!cutSessions.contains(i + 1)) {
        assertThat(lost).as("accepted frames of session %d not shown", i + 1).isZero();
      }
    }
  }

  /** The invariants without frames. */
  void verifyPlaylists(StreamHistory history, int discontinuities, int owners) {
    check(history, new Expectation(List.of(), discontinuities, owners));
  }

  private HistoryChecker.Verdict check(StreamHistory history, Expectation expected) {
    HistoryChecker.Verdict verdict = HistoryChecker.check(history, expected);
    String times =
        faultAt.equals(Instant.EPOCH) || history.epochs().size() < 2
            ? ""
            : ", new owner's first segment after " + history.untilNewEpochListed(faultAt);
    System.out.println(
        stream
            + ": epochs "
            + history.epochs()
            + ", longest gap "
            + history.longestGap()
            + times
            + ", lost at ends of sessions "
            + verdict.lostAtEnds());
    assertThat(verdict.problems())
        .as(
            "%s, %s, publisher %s, %s",
            stream, Seed.text(), publisher.events(), history.sightings())
        .isEmpty();
    return verdict;
  }

  private String url() {
    int node = ingest;
    connectedTo = node;
    return node == NOWHERE ? "rtmp://127.0.0.1:1/live/nowhere" : cluster.rtmpUrl(node, stream);
  }

  private String authority(int node) {
    return cluster.node(node).ready().http("/").getAuthority();
  }

  @Override
  public void close() {
    publisher.close();
    recorder.close();
  }
}
