package io.millrace.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.HlsStream;
import io.millrace.http.Playlist;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.store.FileSegmentStore;
import io.millrace.node.store.FileStreamDirectory;
import io.millrace.node.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class StreamEdgeTest {
  private static final Executor SAME_THREAD = Runnable::run;
  private static final Playlist PLAYLIST =
      new Playlist(new byte[] {1}, new byte[] {2}, "etag", false, 4);

  @TempDir Path data;
  private FileStreamDirectory directory;

  @BeforeEach
  void open() throws IOException {
    directory = FileStreamDirectory.open(new StoreSettings(data, false), SAME_THREAD);
  }

  private StreamEdge edge(Duration park) {
    return new StreamEdge(
        EdgeSettingsSamples.of(park, 1 << 20),
        directory,
        new FileSegmentStore(new StoreSettings(data, false), SAME_THREAD));
  }

  private void known(String status) {
    directory
        .putIfAbsent(new DirectoryEntry("cam", 1, status, "", 0, 0))
        .toCompletableFuture()
        .join();
  }

  private static StreamSnapshot snapshot(long epoch) {
    return new StreamSnapshot(
        "cam",
        epoch,
        1,
        Optional.of(PLAYLIST),
        Map.of("source", PLAYLIST),
        Map.of("source", Set.of()),
        Map.of("source", 1L),
        Map.of());
  }

  private static CompletableFuture<Optional<HlsStream>> open(StreamEdge edge) {
    return edge.open("cam").toCompletableFuture();
  }

  @Test
  void doesNotKnowAStreamThatTheDirectoryDoesNotKnow() {
    assertThat(open(edge(Duration.ofSeconds(20))).join()).isEmpty();
  }

  @Test
  void letsViewersOfARecoveringStreamWaitForItsOwner() {
    known("RECONNECTING");
    StreamEdge edge = edge(Duration.ofSeconds(20));
    CompletableFuture<Optional<HlsStream>> first = open(edge);
    CompletableFuture<Optional<HlsStream>> second = open(edge);
    assertThat(first).isNotDone();
    edge.publish(snapshot(3));
    HlsStream stream = first.join().orElseThrow();
    assertThat(second.join()).containsSame(stream);
    assertThat(stream.paused()).isFalse();
    assertThat(stream.mediaPlaylist("source")).containsSame(PLAYLIST);
    assertThat(stream.multivariant().toCompletableFuture().join()).containsSame(PLAYLIST);
    assertThat(open(edge)).isDone();
  }

  @Test
  void pausesARecoveringStreamWhoseOwnerDoesNotComeBackInTime() {
    known("LIVE");
    StreamEdge edge = edge(Duration.ofMillis(20));
    assertThat(open(edge).join().orElseThrow().paused()).isTrue();
    edge.publish(snapshot(3));
    assertThat(open(edge).join().orElseThrow().paused()).isFalse();
  }

  @Test
  void tellsThoseWhoWaitWhenTheStreamIsGone() {
    known("ENDED");
    StreamEdge edge = edge(Duration.ofSeconds(20));
    CompletableFuture<Optional<HlsStream>> waiting = open(edge);
    edge.remove("cam");
    assertThat(waiting.join()).isEmpty();
  }

  @Test
  void opensAStreamThatStartsAtOnceAndParksItsMultivariantPlaylist() {
    known(DirectoryEntry.STARTING);
    StreamEdge edge = edge(Duration.ofSeconds(20));
    HlsStream stream = open(edge).join().orElseThrow();
    CompletableFuture<Optional<Playlist>> waiting = stream.multivariant().toCompletableFuture();
    assertThat(waiting).isNotDone();
    edge.publish(snapshot(1));
    assertThat(waiting.join()).containsSame(PLAYLIST);
  }

  @Test
  void ignoresSnapshotsOfEarlierOwners() {
    known("LIVE");
    StreamEdge edge = edge(Duration.ofSeconds(20));
    edge.publish(snapshot(3));
    edge.publish(
        new StreamSnapshot("cam", 2, 9, Optional.empty(), Map.of(), Map.of(), Map.of(), Map.of()));
    HlsStream stream = open(edge).join().orElseThrow();
    assertThat(stream.mediaPlaylist("source")).containsSame(PLAYLIST);
  }

  @Test
  void storesSegmentsThatTheStoreHasLostAgainButNeverParts() {
    StreamEdge edge = edge(Duration.ofSeconds(20));
    FileSegmentStore store = new FileSegmentStore(new StoreSettings(data, false), SAME_THREAD);
    edge.putObject("cam", "source", "3-7.m4s", new byte[] {1});
    edge.putObject("cam", "source", "3-7.0.m4s", new byte[] {2});
    edge.publish(
        new StreamSnapshot(
            "cam",
            3,
            1,
            Optional.of(PLAYLIST),
            Map.of("source", PLAYLIST),
            Map.of("source", Set.of("3-7.m4s", "3-7.0.m4s")),
            Map.of("source", 8L),
            Map.of()));

    edge.storeAgain("cam");

    assertThat(store.get("cam", "source", "3-7.m4s").toCompletableFuture().join())
        .containsExactly(1);
    assertThat(store.get("cam", "source", "3-7.0.m4s").toCompletableFuture().join()).isNull();
  }
}
