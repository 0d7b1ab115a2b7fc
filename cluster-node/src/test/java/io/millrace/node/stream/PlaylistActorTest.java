package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.http.HlsStream;
import io.millrace.http.Playlist;
import io.millrace.http.PlaylistPosition;
import io.millrace.http.ViewerSample;
import io.millrace.media.MediaPart;
import io.millrace.media.PartRef;
import io.millrace.media.Presentation;
import io.millrace.media.hls.WindowSettings;
import io.millrace.node.TestKits;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.edge.EdgeFollower;
import io.millrace.node.edge.EdgeSettingsSamples;
import io.millrace.node.edge.FollowRequest;
import io.millrace.node.edge.Sessions;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.store.FileSegmentStore;
import io.millrace.node.store.FileStreamDirectory;
import io.millrace.node.store.StoreSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaylistActorTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path data;

  private ActorTestKit testKit;
  private TestProbe<Void> probe;
  private StreamEdge edge;
  private ActorRef<PlaylistActor.Command> playlists;

  @BeforeEach
  void start() throws IOException {
    testKit = TestKits.local();
    probe = testKit.createTestProbe();
    StoreSettings settings = new StoreSettings(data, false);
    FileSegmentStore store = new FileSegmentStore(settings, Runnable::run);
    edge =
        new StreamEdge(
            EdgeSettingsSamples.of(SOON, 1 << 20),
            FileStreamDirectory.open(settings, Runnable::run),
            store);
    playlists =
        testKit.spawn(
            PlaylistActor.create(
                new PlaylistActor.Place(
                    "cam",
                    1,
                    new WindowSettings(Duration.ofSeconds(30), 6, 0),
                    edge,
                    store,
                    Endpoint.NONE,
                    new SimpleMeterRegistry()),
                Optional.empty(),
                Leftovers.NONE));
  }

  private void present() {
    playlists.tell(new PlaylistActor.Present(StreamSamples.presentation()));
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  private void show(long msn) {
    playlists.tell(new PlaylistActor.Show("source", StreamSamples.segment(1, msn).ref()));
  }

  private String playlist() {
    return edge.open("cam")
        .toCompletableFuture()
        .join()
        .flatMap((HlsStream cam) -> cam.mediaPlaylist("source"))
        .map(playlist -> new String(playlist.plain(), StandardCharsets.UTF_8))
        .orElse("");
  }

  private String awaitListed(String text) {
    return probe.awaitAssert(
        SOON,
        () -> {
          String now = playlist();
          assertThat(now).contains(text);
          return now;
        });
  }

  @Test
  void listsTogetherWhatComesFasterThanHalfATargetDuration() {
    present();
    show(0);
    long first = System.nanoTime();
    awaitListed("1-0.m4s");
    show(1);
    show(2);
    show(1);

    assertThat(awaitListed("1-1.m4s")).contains("1-2.m4s").containsOnlyOnce("1-1.m4s");
    assertThat(System.nanoTime() - first).isGreaterThan(Duration.ofMillis(1_900).toNanos());
  }

  @Test
  void listsASegmentThatIsAheadWhenItComesAgainInOrder() {
    present();
    show(0);
    awaitListed("1-0.m4s");
    show(2);
    show(1);
    show(2);
    assertThat(awaitListed("1-2.m4s")).containsSubsequence("1-0.m4s", "1-1.m4s", "1-2.m4s");
  }

  private TestProbe<EdgeFollower.Command> follower(String node, long... sessions) {
    TestProbe<EdgeFollower.Command> follower = testKit.createTestProbe();
    ViewerSample sample = new Sessions(sessions).sample("cam");
    playlists.tell(
        new PlaylistActor.Follow(new FollowRequest(follower.getRef(), node, sample, 0, 0)));
    return follower;
  }

  private void awaitViewers(int expected) {
    probe.awaitAssert(
        SOON,
        () -> {
          assertThat(edge.viewers("cam")).isEqualTo(expected);
          return null;
        });
  }

  @Test
  void countsPlayersOfAllNodesOnceAndForgetsANodeThatIsGone() {
    edge.countViewersBy(new Sessions(1, 2));
    TestProbe<EdgeFollower.Command> second = follower("second", 2, 3, 4);
    TestProbe<EdgeFollower.Command> third = follower("third", 4, 5);
    awaitViewers(5);

    second.stop();
    awaitViewers(4);
    third.stop();
    awaitViewers(2);
  }

  @Test
  void listsWhatWaitsAtTheEnd() {
    present();
    show(0);
    show(1);
    playlists.tell(PlaylistActor.End.INSTANCE);

    assertThat(awaitListed("ENDLIST")).contains("1-0.m4s", "1-1.m4s");
  }

  private void presentWithParts() {
    playlists.tell(
        new PlaylistActor.Present(
            new Presentation(4, StreamSamples.presentation().renditions(), 355)));
  }

  @Test
  void listsTheSegmentBehindWhichPartsBeginWithTheFirstOfThem() {
    presentWithParts();
    show(0);
    showPart(1, 0, false);

    assertThat(awaitListed("1-0.m4s")).contains("URI=\"1-1.0.m4s\",INDEPENDENT=YES");
  }

  @Test
  void listsTheSegmentBehindWhichPartsBeginWithoutThemWhenNoneComes() {
    presentWithParts();
    show(0);

    assertThat(awaitListed("1-0.m4s")).contains("HINT:TYPE=PART,URI=\"1-1.0.m4s\"");
  }

  @Test
  void makesAVersionOfEachPart() {
    presentWithParts();
    show(0);
    showPart(1, 0, false);
    awaitListed("1-1.0.m4s\",INDEPENDENT=YES");
    showPart(1, 1, true);
    showPart(2, 0, false);
    awaitListed("HINT:TYPE=PART,URI=\"1-2.0.m4s\"");

    Playlist shown = newest();
    assertThat(shown.position()).isEqualTo(new PlaylistPosition(1, 1, 0));
    assertThat(shown.partTargetMillis()).isEqualTo(355);
    assertThat(shown.delta()).isEmpty();
    assertThat(unzipped(shown)).isEqualTo(shown.plain());
  }

  private void showPart(long msn, int index, boolean last) {
    playlists.tell(
        new PlaylistActor.ShowPart(
            "source",
            new PartRef(msn, index, PartRef.name(1, msn, index), 30_000, 90_000, index == 0, 3),
            new MediaPart.Parent("init-0.mp4", false, 0),
            last,
            System.nanoTime()));
  }

  private Playlist newest() {
    return edge.open("cam")
        .toCompletableFuture()
        .join()
        .flatMap((HlsStream cam) -> cam.mediaPlaylist("source"))
        .orElseThrow();
  }

  private static byte[] unzipped(Playlist playlist) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(playlist.gzip()))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
