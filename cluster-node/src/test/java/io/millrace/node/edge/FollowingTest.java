package io.millrace.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.HlsStream;
import io.millrace.node.TestKits;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.store.FileSegmentStore;
import io.millrace.node.store.FileStreamDirectory;
import io.millrace.node.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream of another node and who follows it here; time stands still until moved. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class FollowingTest {
  static final Duration RETRIES = Duration.ofSeconds(10);

  @TempDir Path data;
  ActorTestKit testKit;
  private ManualTime time;
  private final AtomicLong nanos = new AtomicLong();
  TestProbe<FollowRequest> requests;
  volatile Optional<DirectoryEntry> entry;
  FileStreamDirectory directory;
  StreamEdge edge;
  ActorRef<EdgeFollowers.Command> followers;

  @BeforeEach
  void start() throws IOException {
    testKit = TestKits.manualTime(data);
    time = ManualTime.get(testKit.system());
    requests = testKit.createTestProbe();
    StoreSettings store = new StoreSettings(data, false);
    directory = FileStreamDirectory.open(store, Runnable::run);
    edge =
        new StreamEdge(
            EdgeSettingsSamples.of(Duration.ofSeconds(20), 1 << 20),
            directory,
            new FileSegmentStore(store, Runnable::run));
    edge.countViewersBy(new Sessions(1, 2, 3));
    known("LIVE", 1);
    follow(Duration.ofSeconds(60));
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  void follow(Duration idleLimit) {
    followers =
        testKit.spawn(
            EdgeFollowers.create(
                new EdgeFollower.Place(edge, new Owners(), "here", idleLimit, nanos::get)));
    edge.followBy(followers);
  }

  /** The directory answers with {@code entry}; null: it is away. */
  private final class Owners implements FollowPort {
    @Override
    public CompletionStage<Optional<DirectoryEntry>> follow(String id, FollowRequest request) {
      if (entry == null) {
        return CompletableFuture.failedFuture(new IOException("store is away"));
      }
      requests.getRef().tell(request);
      return CompletableFuture.completedFuture(entry);
    }

    @Override
    public void follow(DirectoryEntry known, FollowRequest request) {
      requests.getRef().tell(request);
    }
  }

  void known(String status, long epoch) {
    DirectoryEntry now = new DirectoryEntry("cam", 1, status, "", epoch, 0);
    entry = Optional.of(now);
    directory.putIfAbsent(now).toCompletableFuture().join();
  }

  void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
    time.timePasses(duration);
  }

  CompletableFuture<Optional<HlsStream>> open() {
    return edge.open("cam").toCompletableFuture();
  }

  FollowRequest nextRequest() {
    return requests.receiveMessage(RETRIES);
  }

  void awaitShown(HlsStream stream, String text) {
    requests.awaitAssert(
        RETRIES,
        () -> {
          assertThat(stream.mediaPlaylist("source").orElseThrow().plain())
              .asString()
              .isEqualTo(text);
          return null;
        });
  }

  /** Opens the stream; its first version is shown. */
  FollowRequest opened(StreamPush first) {
    CompletableFuture<Optional<HlsStream>> opening = open();
    FollowRequest request = nextRequest();
    request.subscriber().tell(first);
    assertThat(opening.join()).isPresent();
    return request;
  }
}
